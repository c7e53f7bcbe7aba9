import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { departmentContract } from '../../../../schema/composition/contract.js';
import { CataloguedError } from '../../../../subgraphs/kit/errors/catalogued-error.js';
import type { Caller } from '../../../../subgraphs/kit/identity/caller.js';
import { generateInternalKeys, type InternalKeys } from '../../../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../../../subgraphs/kit/identity/internal-tokens.js';
import { type RunningSubgraph, serveSubgraph } from '../../../../subgraphs/kit/server/serve-subgraph.js';
import type { SubgraphEnvironment } from '../../../../subgraphs/kit/server/subgraph-environment.js';
import { type AcceptanceOptions, type RunningAcceptance, startAcceptance } from '../../../../subgraphs/platform/acceptance/index.js';
import { departments, items } from '../../../../subgraphs/platform/acceptance/store/tables.js';
import type { AcceptanceTiming } from '../../../../subgraphs/platform/acceptance/timing.js';
import { type Answer, askSubgraph, caller, testEnvironment } from '../../../support/environment.js';
import { FakeFeed } from './fake-feed.js';

export const WINDOW = caller('window-1', 'window');
export const APPLICANT = caller('person-1', 'applicant');

const REGISTRY = `
  scalar Cursor
  type Query { nothing: Int }
  type Mutation { registerPlatform(input: RegisterPlatformInput!): Registered! }
  input RegisterPlatformInput { name: ID! url: String! subscriptionUrl: String! sdl: String! }
  type Registered { name: ID! supergraphVersion: String }
  type Subscription { departmentEvents(after: Cursor): DepartmentEvent! }
  type DepartmentEvent { id: ID! cursor: Cursor! kind: String! occurredAt: String! departmentCode: ID! name: String! url: String! subscriptionUrl: String! }
`;
const CATALOG = `
  scalar Cursor
  type Query { nothing: Int }
  type Subscription { itemEvents(after: Cursor): ItemEvent! }
  type ItemEvent { id: ID! cursor: Cursor! kind: String! occurredAt: String! departmentCode: ID! itemCode: ID! name: String! state: String!
    guideVersion: Int! promisedDays: Int! statutoryDays: Int! materials: [Material!]! formFields: [FormField!]!
    steps: [Step!] reviewRuleVersion: Int }
  type Step { code: ID! name: String! kind: String! limitDays: Int }
  type Material { code: ID! name: String! required: Boolean! electronic: Boolean! shared: Boolean! }
  type FormField { name: ID! label: String! required: Boolean! }
`;

const AT = '2026-11-24T01:00:00.000Z';

export const ITEM = {
  itemCode: 'permit',
  name: '演示许可',
  state: 'ACTIVE',
  guideVersion: 1,
  promisedDays: 5,
  statutoryDays: 20,
  materials: [
    { code: 'form', name: '申请表', required: true, electronic: true, shared: false },
    { code: 'plan', name: '平面图', required: true, electronic: true, shared: false },
    { code: 'licence', name: '营业执照', required: true, electronic: true, shared: true },
    { code: 'extra', name: '补充说明', required: false, electronic: true, shared: false },
  ],
  formFields: [
    { name: 'address', label: '地址', required: true },
    { name: 'area', label: '面积', required: true },
    { name: 'remark', label: '备注', required: false },
  ],
  steps: [
    { code: 'review', name: '审查', kind: 'COMPLIANCE_REVIEW', limitDays: 3 },
    { code: 'decide', name: '决定', kind: 'DECISION', limitDays: null as number | null },
  ],
};

/** A department as a program of somebody else's, which may misbehave in every way. */
export class FakeDepartment {
  readonly feed = new FakeFeed<Record<string, unknown>>();
  /** Every call of receiveCase, in order. */
  readonly calls: Record<string, any>[] = [];
  readonly received = new Map<string, Record<string, any>>();
  refusal: CataloguedError | undefined;
  /** Called before a case is received; may wait. */
  beforeReceiving: () => Promise<void> | void = () => {};
  socketsBroken = false;
  pages = 0;
  #server: RunningSubgraph | undefined;
  #port = 0;
  #last = 0;

  constructor(
    readonly environment: SubgraphEnvironment,
    readonly code: string,
  ) {}

  async up(): Promise<void> {
    const schema = buildSubgraphSchema([{ typeDefs: parse(departmentContract().sdl), resolvers: this.#resolvers() as never }]);
    this.#server = await serveSubgraph({
      name: this.code,
      schema,
      context: (who) => ({ caller: who }),
      verifier: this.environment.verifier,
      log: this.environment.log,
      port: this.#port,
    });
    this.#port = Number(new URL(this.#server.url).port);
  }

  async down(): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    this.#server = undefined;
  }

  get address() {
    return { url: `http://127.0.0.1:${this.#port}/graphql`, subscriptionUrl: `ws://127.0.0.1:${this.#port}/graphql` };
  }

  /** An event of a case, as the contract has it. */
  event(caseNumber: string, kind: string, details: Record<string, unknown> = {}): Record<string, unknown> {
    return { id: `${this.code}-${++this.#last}`, departmentCode: this.code, caseNumber, kind, occurredAt: AT, ...details };
  }

  tell(caseNumber: string, kind: string, details: Record<string, unknown> = {}): void {
    this.feed.publish(this.event(caseNumber, kind, details));
  }

  #resolvers() {
    return {
      Query: {
        departmentItems: () => [],
        caseEventPage: (_: unknown, { after, first }: { after?: string | null; first: number }) => {
          this.pages++;
          const from = this.feed.after(after);
          return this.feed.events.slice(from, from + first);
        },
      },
      Mutation: {
        receiveCase: async (_: unknown, { input }: { input: Record<string, any> }, { caller: who }: { caller: Caller }) => {
          if (!who.roles.includes('platform')) throw new CataloguedError('FORBIDDEN', 'platform only');
          this.calls.push(input);
          await this.beforeReceiving();
          if (this.refusal !== undefined) throw this.refusal;
          const alreadyReceived = this.received.has(input['number']);
          if (!alreadyReceived) {
            this.received.set(input['number'], input);
            this.tell(input['number'], 'RECEIVED');
          }
          return { caseNumber: input['number'], receivedAt: AT, alreadyReceived };
        },
      },
      Subscription: {
        caseEvents: {
          subscribe: (_: unknown, { after }: { after?: string | null }) => {
            if (this.socketsBroken) throw new CataloguedError('INTERNAL_SERVER_ERROR', 'no sockets here');
            return this.feed.follow(after);
          },
          resolve: (event: unknown) => event,
        },
      },
    };
  }
}

/** The whole surroundings of the ledger: a registry, a catalogue and departments. */
export class World implements AsyncDisposable {
  readonly departmentFeed = new FakeFeed<Record<string, unknown>>();
  readonly itemFeed = new FakeFeed<Record<string, unknown>>();
  readonly departments = new Map<string, FakeDepartment>();
  readonly registered: Record<string, any>[] = [];
  acceptance!: RunningAcceptance;
  readonly #stack = new AsyncDisposableStack();
  #catalog!: RunningSubgraph;
  #registry!: RunningSubgraph;
  #events = 0;

  private constructor(
    readonly environment: SubgraphEnvironment,
    /** With which another process signs and verifies as this one does. */
    readonly keys: InternalKeys,
  ) {}

  static async open(storeUrl: string, overrides: Partial<SubgraphEnvironment> = {}): Promise<World> {
    const keys = await generateInternalKeys();
    const identity = { verifier: createInternalTokenVerifier(keys), tokens: await createInternalTokens(keys) };
    const world = new World(await testEnvironment(storeUrl, { ...identity, ...overrides }), keys);
    await world.#serve();
    return world;
  }

  async #serve(): Promise<void> {
    this.#registry = await this.#fake('registry', REGISTRY, {
      Mutation: { registerPlatform: (_: unknown, { input }: { input: any }) => (this.registered.push(input), { name: input.name }) },
      Subscription: {
        departmentEvents: {
          subscribe: (_: unknown, { after }: any) => this.departmentFeed.follow(after),
          resolve: (event: unknown) => event,
        },
      },
    });
    this.#catalog = await this.#fake('catalog', CATALOG, {
      Subscription: {
        itemEvents: { subscribe: (_: unknown, { after }: any) => this.itemFeed.follow(after), resolve: (event: unknown) => event },
      },
    });
  }

  async #fake(name: string, sdl: string, resolvers: object): Promise<RunningSubgraph> {
    const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
    const { verifier, log } = this.environment;
    return this.#stack.use(await serveSubgraph({ name, schema, context: (who) => ({ caller: who }), verifier, log }));
  }

  /** The registry and the catalogue go down for good. */
  async platformDown(): Promise<void> {
    await this.#registry[Symbol.asyncDispose]();
    await this.#catalog[Symbol.asyncDispose]();
  }

  /** What a process of the ledger needs to know, in another process too. */
  get startOptions() {
    const { url, subscriptionUrl } = this.#catalog;
    return { registry: { url: this.#registry.url, subscriptionUrl: this.#registry.subscriptionUrl }, catalog: { url, subscriptionUrl } };
  }

  async start(
    overrides: Partial<SubgraphEnvironment> = {},
    timing: Partial<AcceptanceTiming> = {},
    more: Partial<AcceptanceOptions> = {},
  ): Promise<RunningAcceptance> {
    const { registry, catalog } = this.startOptions;
    const options = { catalog, timing: { ...QUICK, ...timing }, certificateKeys: this.keys, ...more };
    this.acceptance = await startAcceptance({ ...this.environment, registry, ...overrides }, options);
    return this.acceptance;
  }

  /** Asks a ledger in another process from here on. */
  lookAt(address: Pick<RunningSubgraph, 'name' | 'url' | 'subscriptionUrl'>): void {
    this.acceptance = { ...this.acceptance, ...address, [Symbol.asyncDispose]: async () => {} };
  }

  async department(code: string): Promise<FakeDepartment> {
    const department = new FakeDepartment(this.environment, code);
    this.#stack.defer(() => department.down());
    await department.up();
    this.departments.set(code, department);
    this.register(department);
    this.declare(code);
    return department;
  }

  register(department: FakeDepartment): void {
    const { code, address } = department;
    this.departmentFeed.publish({
      id: `r-${++this.#events}`,
      kind: 'REGISTERED',
      occurredAt: AT,
      departmentCode: code,
      name: `部门${code}`,
      ...address,
    });
  }

  declare(departmentCode: string, change: Partial<typeof ITEM> & { kind?: string } = {}): void {
    this.itemFeed.publish({ id: `i-${++this.#events}`, kind: 'DECLARED', occurredAt: AT, departmentCode, ...ITEM, ...change });
  }

  /** Waits until the ledger knows a department and its item. */
  async known(departmentCode: string, itemCode = ITEM.itemCode): Promise<void> {
    await vi.waitFor(async () => {
      const em = this.acceptance.store.fork();
      await em.findOneOrFail(departments, departmentCode);
      await em.findOneOrFail(items, { departmentCode, code: itemCode });
    }, WAITING);
  }

  ask(who: Caller, query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    return askSubgraph(this.environment, this.acceptance, who, query, variables);
  }

  async submit(who: Caller, input: Record<string, unknown>): Promise<Answer> {
    return this.ask(who, 'mutation($input: SubmitApplicationInput!) { submitApplication(input: $input) { application { id state } } }', {
      input,
    });
  }

  /** Hands in and returns the application's id. */
  async submitted(who: Caller = APPLICANT, change: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.submit(who, { ...INPUT, ...(who.roles.includes('applicant') ? {} : { channel: 'WINDOW' }), ...change });
    if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
    return answer.data?.['submitApplication'].application.id;
  }

  accept(applicationId: string, who: Caller = WINDOW): Promise<Answer> {
    return this.ask(
      who,
      'mutation($input: AcceptApplicationInput!) { acceptApplication(input: $input) { application { id state } case { number departmentCode stage } } }',
      {
        input: { applicationId },
      },
    );
  }

  /** Hands in, accepts, and returns the case's number. */
  async accepted(departmentCode: string, who: Caller = APPLICANT): Promise<string> {
    const answer = await this.accept(await this.submitted(who, { departmentCode }));
    if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
    return answer.data?.['acceptApplication'].case.number;
  }

  client(who: Caller): Client & AsyncDisposable {
    const client = createClient({
      url: this.acceptance.subscriptionUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: async () => ({ authorization: await this.environment.tokens.authorization('acceptance', who) }),
    });
    return Object.assign(client, { [Symbol.asyncDispose]: async () => void (await client.dispose()) });
  }

  /** Reads a subscription to progress until `count` events have come. */
  async progress(
    who: Caller,
    count: number,
    args = '',
    fields = 'id cursor kind stage caseNumber departmentCode',
  ): Promise<Record<string, any>[]> {
    const client = this.client(who);
    const events: Record<string, any>[] = [];
    try {
      for await (const { data, errors } of client.iterate<Record<string, any>>({
        query: `subscription { caseProgress${args} { ${fields} } }`,
      })) {
        if (errors !== undefined) throw new Error(JSON.stringify(errors));
        events.push(data?.['caseProgress']);
        if (events.length >= count) break;
      }
    } finally {
      await client.dispose();
    }
    return events;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.acceptance?.[Symbol.asyncDispose]();
    await this.#stack.disposeAsync();
  }
}

export const WAITING = { timeout: 20_000, interval: 10 };

export const QUICK: Partial<AcceptanceTiming> = {
  feedBackoff: { first: 5, most: 40 },
  dispatchBackoff: { first: 5, most: 200 },
  timerPoll: 20,
  socket: { attempts: 3, connecting: 2_000, settled: 500, pollInterval: 10, polling: 2_000 },
};

/** An application that is right in every way. The numbers are made up; their check characters are right. */
export const INPUT = {
  departmentCode: 'drug',
  itemCode: 'permit',
  channel: 'ONLINE',
  applicant: { kind: 'NATURAL_PERSON', name: '张三丰', idNumber: '11010519491231002X', phone: '13800005678' },
  materials: [
    { code: 'form', source: 'ELECTRONIC', contentHash: 'sha256:abc', url: 'https://files.example/form.pdf' },
    { code: 'plan', source: 'PAPER' },
  ],
  form: [
    { name: 'address', value: '郑州市演示路1号' },
    { name: 'area', value: '120' },
  ],
};
