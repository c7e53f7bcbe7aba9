import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import type { SupergraphDocument } from '../../../schema/composition/supergraph-document.js';
import { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';
import { startTestSubgraph, type TestSubgraph } from './test-subgraph.js';

const LINK = (imports: string) => `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`;

const CATALOG = /* GraphQL */ `
  ${LINK('"@key", "@shareable"')}
  type Query { item(code: ID!): Item  items: [Item!]!  broken: String }
  type Mutation { rename(code: ID!, name: String!): Item }
  type Item @key(fields: "code") { code: ID!  name: String! @shareable }
`;

export const LIVE_LINK = /* GraphQL */ `
  extend schema
    @link(url: "https://acceptance.gov/live/v1.0", import: ["@eventCursor", "@sharedFor"])
    @composeDirective(name: "@eventCursor")
    @composeDirective(name: "@sharedFor")
  directive @eventCursor(argument: String! = "after", field: String! = "cursor", start: String) on FIELD_DEFINITION
  directive @sharedFor(roles: [String!]!) on FIELD_DEFINITION
`;

const LEDGER = /* GraphQL */ `
  ${LINK('"@key", "@composeDirective", "@shareable"')}
  ${LIVE_LINK}
  type Query { cases: [Case!]! }
  type Subscription { caseEvents(after: String, departmentCode: ID): CaseEvent! @eventCursor @sharedFor(roles: ["monitor", "department:*"])  ticks: Tick! }
  type Tick { position: Int! }
  type CaseEvent { cursor: String!  case: Case }
  type Case @key(fields: "number departmentCode") { number: ID!  departmentCode: ID!  item: Item! }
  type Item @key(fields: "code", resolvable: false) { code: ID!  name: String! @shareable }
`;

const DEPARTMENTS = /* GraphQL */ `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://acceptance.gov/partition/v1.0", import: ["@partition"])
    @composeDirective(name: "@partition")
  directive @partition(by: String!) on OBJECT | FIELD_DEFINITION
  type Query { desk(departmentCode: ID!): String @partition(by: "departmentCode") }
  type Case @key(fields: "number departmentCode") @partition(by: "departmentCode") { number: ID!  departmentCode: ID!  handling: String }
`;

export interface CaseRow {
  number: string;
  departmentCode: string;
  item: { code: string };
}

/** A feed as the real ones are: events stay, `after` starts behind one, live ones follow. */
export class TestFeed {
  readonly events: { cursor: string; case: CaseRow }[] = [];
  readonly #wake = new Set<() => void>();
  #finished = false;
  /** Events up to this one are no longer kept. */
  #pruned = 0;

  get subscribers(): number {
    return this.#wake.size;
  }

  publish(row: CaseRow): void {
    this.events.push({ cursor: `c${this.events.length + 1}`, case: row });
    for (const wake of this.#wake) wake();
  }

  /** Gives up everything up to an event, and counts on from there. */
  prune(last: number): void {
    this.#pruned = last;
  }

  /** Lets every subscription complete once it has given its events. */
  finish(): void {
    this.#finished = true;
    for (const wake of this.#wake) wake();
  }

  subscribe(after: string | null | undefined): AsyncIterableIterator<unknown> {
    const events = this.events;
    const finished = () => this.#finished;
    let position = after == null ? events.length : Number(after.slice(1));
    if (position < this.#pruned) throw new CataloguedError('CURSOR_EXPIRED', 'no longer kept', { oldest: `c${this.#pruned}` });
    const state = { open: true };
    let waiting = Promise.withResolvers<void>();
    const wake = () => waiting.resolve();
    this.#wake.add(wake);
    const leave = async () => {
      state.open = false;
      this.#wake.delete(wake);
      wake();
      return { value: undefined, done: true as const };
    };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        while (state.open && position >= events.length) {
          if (finished()) return leave();
          waiting = Promise.withResolvers();
          await waiting.promise;
        }
        if (!state.open) return { value: undefined, done: true };
        return { value: { caseEvents: events[position++] }, done: false };
      },
      return: leave,
      throw: leave,
    };
  }
}

export interface Province extends AsyncDisposable {
  readonly catalog: TestSubgraph;
  readonly ledger: TestSubgraph;
  readonly drug: TestSubgraph;
  readonly transport: TestSubgraph;
  readonly feed: TestFeed;
  readonly names: Map<string, string>;
  /** `ledgerNamesItems`: the ledger says that it knows the names of items, too, so nobody else is asked for them. */
  document(version?: string, variant?: { ledgerNamesItems: boolean }): SupergraphDocument;
  startLedger(port: number): Promise<TestSubgraph>;
}

export const CASES: CaseRow[] = [
  { number: '1', departmentCode: 'drug', item: { code: 'i1' } },
  { number: '2', departmentCode: 'transport', item: { code: 'i2' } },
];

/** Two platform subgraphs and two departments, each on a server of its own. */
export async function startProvince(): Promise<Province> {
  await using stack = new AsyncDisposableStack();
  const feed = new TestFeed();
  const names = new Map([
    ['i1', '药品经营许可'],
    ['i2', '道路运输许可'],
  ]);
  const item = (code: string) => (names.has(code) ? { code, name: names.get(code) } : null);
  const catalog = stack.use(
    await startTestSubgraph({
      name: 'catalog',
      sdl: CATALOG,
      resolvers: {
        Query: {
          item: (_: unknown, { code }: { code: string }) => item(code),
          items: () => [...names.keys()].map(item),
          broken: () => {
            throw new Error('the shelf fell');
          },
        },
        Mutation: {
          rename(_: unknown, { code, name }: { code: string; name: string }) {
            names.set(code, name);
            return item(code);
          },
        },
        Item: { __resolveReference: ({ code }: { code: string }) => item(code) },
      },
    }),
  );
  const startLedger = (port: number) =>
    startTestSubgraph({
      name: 'ledger',
      sdl: LEDGER,
      port,
      resolvers: {
        Query: { cases: () => CASES },
        Item: { name: ({ code }: { code: string }) => names.get(code) },
        Subscription: {
          caseEvents: { subscribe: (_: unknown, { after }: { after?: string }) => feed.subscribe(after) },
          ticks: { subscribe: () => feed.subscribe(null), resolve: () => ({ position: feed.events.length }) },
        },
      },
    });
  const ledger = stack.use(await startLedger(0));
  const department = async (code: string) =>
    stack.use(
      await startTestSubgraph({
        name: code,
        sdl: DEPARTMENTS,
        resolvers: {
          Query: { desk: () => `${code} desk` },
          Case: { __resolveReference: (reference: object) => reference, handling: ({ number }: CaseRow) => `${code} handles ${number}` },
        },
      }),
    );
  const drug = await department('drug');
  const transport = await department('transport');
  const moved = stack.move();
  return {
    catalog,
    ledger,
    drug,
    transport,
    feed,
    names,
    startLedger,
    document(version = '1', { ledgerNamesItems } = { ledgerNamesItems: false }) {
      const published = ledgerNamesItems ? LEDGER : LEDGER.replace('code: ID!  name: String! @shareable }', 'code: ID! }');
      const services = [
        { name: 'catalog', url: catalog.url, typeDefs: parse(CATALOG) },
        { name: 'ledger', url: ledger.url, typeDefs: parse(published) },
        { name: 'departments', url: 'http://departments.acceptance.internal/graphql', typeDefs: parse(DEPARTMENTS) },
      ];
      const { supergraphSdl, errors } = composeServices(services);
      if (supergraphSdl === undefined) throw new Error(errors?.map(({ message }) => message).join('\n'));
      const route = ({ name, url, subscriptionUrl }: TestSubgraph) => ({ code: name, url, subscriptionUrl, extension: false });
      return { version, sdl: supergraphSdl, departments: [route(drug), route(transport)] };
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}
