import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Caller } from '../../../../subgraphs/kit/identity/caller.js';
import { serveSubgraph } from '../../../../subgraphs/kit/server/serve-subgraph.js';
import type { SubgraphEnvironment } from '../../../../subgraphs/kit/server/subgraph-environment.js';
import type { LedgerEvent } from '../../../../subgraphs/platform/supervision/facts/ledger-event.js';
import { type RunningSupervision, startSupervision } from '../../../../subgraphs/platform/supervision/index.js';
import { alerts } from '../../../../subgraphs/platform/supervision/store/tables.js';
import type { SupervisionTiming } from '../../../../subgraphs/platform/supervision/timing.js';
import { type Answer, askSubgraph, caller, testEnvironment } from '../../../support/environment.js';
import { FakeFeed } from '../acceptance/fake-feed.js';
import { china } from './lives.js';

export const MONITOR = caller('monitor-1', 'monitor');
export const CENTRE = caller('centre-1', 'centre');
export const BUREAU = caller('bureau-1', 'bureau');
export const DRUG = caller('officer-1', 'department:drug');
export const HOUSING = caller('officer-2', 'department:housing');

const LEDGER = `
  scalar Cursor
  type Query { ledgerEventPage(after: Cursor, first: Int): [LedgerEvent!]! }
  type Subscription { ledgerEvents(after: Cursor): LedgerEvent! }
  type LedgerEvent { id: ID! cursor: Cursor! kind: String! occurredAt: String! recordedAt: String! departmentCode: ID! itemCode: ID caseNumber: ID
    applicationId: ID channel: String promisedDays: Int statutoryDays: Int stepCode: ID procedureKind: String expectedDays: Int extensionDays: Int
    outcome: String hasReasons: Boolean reviewRuleVersion: Int calendarNotice: Notice }
  type Notice { year: Int! source: String! holidays: [String!]! workdays: [String!]! }
`;
const CATALOG = `
  scalar Cursor
  type Query { nothing: Int }
  type Subscription { itemEvents(after: Cursor): ItemEvent! catalogueProblemEvents(after: Cursor): ProblemEvent! }
  type ItemEvent { id: ID! cursor: Cursor! kind: String! occurredAt: String! departmentCode: ID! itemCode: ID! state: String! steps: [Step!] reviewRuleVersion: Int }
  type Step { code: ID! limitDays: Int }
  type ProblemEvent { id: ID! cursor: Cursor! occurredAt: String! settled: Boolean! departmentCode: ID! itemCode: ID itemName: String reason: String! }
`;

const NOTHING = {
  channel: 'ONLINE',
  promisedDays: 5,
  statutoryDays: 20,
  stepCode: null,
  procedureKind: null,
  expectedDays: null,
  extensionDays: null,
  outcome: null,
  hasReasons: null,
  reviewRuleVersion: null,
  calendarNotice: null,
};

/** Supervision with a ledger and a catalogue that say what the test says, and a clock that stands where it is put. */
export class SupervisionWorld implements AsyncDisposable {
  readonly ledger = new FakeFeed<Record<string, unknown>>();
  readonly items = new FakeFeed<Record<string, unknown>>();
  readonly problems = new FakeFeed<Record<string, unknown>>();
  supervision!: RunningSupervision;
  readonly #stack = new AsyncDisposableStack();
  readonly #urls = { acceptance: '', catalog: '' };
  readonly #pages: Record<string, string> = {};
  #events = 0;

  private constructor(
    readonly environment: SubgraphEnvironment,
    readonly time: { now: Date },
  ) {}

  static async open(storeUrl: string, now = '2026-03-02 12:00'): Promise<SupervisionWorld> {
    const time = { now: china(now) };
    const world = new SupervisionWorld(await testEnvironment(storeUrl, { clock: () => time.now }), time);
    world.#urls.acceptance = await world.#fake('acceptance', LEDGER, { ledgerEvents: world.ledger });
    world.#urls.catalog = await world.#fake('catalog', CATALOG, { itemEvents: world.items, catalogueProblemEvents: world.problems });
    return world;
  }

  async #fake(name: string, sdl: string, feeds: Record<string, FakeFeed<Record<string, unknown>>>): Promise<string> {
    const subscriptions = Object.entries(feeds).map(([field, feed]) => [
      field,
      { subscribe: (_: unknown, { after }: { after?: string | null }) => feed.follow(after), resolve: (event: unknown) => event },
    ]);
    const ledgerEventPage = (_: unknown, { after, first }: { after?: string | null; first: number }) => {
      const from = this.ledger.after(after);
      return this.ledger.events.slice(from, from + first);
    };
    const resolvers = {
      Subscription: Object.fromEntries(subscriptions),
      ...(name === 'acceptance' && { Query: { ledgerEventPage } }),
    };
    const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
    const { verifier, log } = this.environment;
    const server = this.#stack.use(await serveSubgraph({ name, schema, context: (who) => ({ caller: who }), verifier, log }));
    this.#pages[name] = server.url;
    return server.subscriptionUrl;
  }

  async start(timing: Partial<SupervisionTiming> = {}): Promise<RunningSupervision> {
    this.supervision = await this.another(timing);
    return this.supervision;
  }

  /** One more instance on the same store. */
  async another(timing: Partial<SupervisionTiming> = {}): Promise<RunningSupervision> {
    const { acceptance, catalog } = this.#urls;
    return startSupervision(this.environment, {
      acceptance: { url: this.#pages['acceptance'] as string, subscriptionUrl: acceptance },
      catalog: { subscriptionUrl: catalog },
      timing: { feedBackoff: { first: 5, most: 40 }, duePoll: 10, ...timing },
    });
  }

  /** Where the ledger is asked. */
  get ledgerUrl(): string {
    return this.#pages['acceptance'] as string;
  }

  at(text: string): this {
    this.time.now = china(text);
    return this;
  }

  tell(number: string, kind: string, at: string, details: Partial<LedgerEvent> = {}): void {
    const occurredAt = china(at).toISOString();
    const departmentCode = details.departmentCode ?? 'drug';
    const of = { departmentCode, itemCode: 'permit', caseNumber: number, applicationId: `a-${number}` };
    this.ledger.publish({ id: `l-${++this.#events}`, kind, occurredAt, recordedAt: occurredAt, ...of, ...NOTHING, ...details });
  }

  /** A case that was refused without reasons, which is found at once. */
  unreasoned(number: string, departmentCode = 'drug', at = '2026-03-02 11:00'): void {
    this.tell(number, 'ACCEPTED', '2026-03-02 10:00', { departmentCode });
    this.tell(number, 'RECEIVED', '2026-03-02 10:01', { departmentCode });
    this.tell(number, 'DECIDED', at, { departmentCode, outcome: 'REFUSED', hasReasons: false, reviewRuleVersion: 2 });
  }

  ask(who: Caller, query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    return askSubgraph(this.environment, this.supervision, who, query, variables);
  }

  async data(who: Caller, query: string, variables: Record<string, unknown> = {}): Promise<Record<string, any>> {
    const { data, errors } = await this.ask(who, query, variables);
    if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** The alerts of a case, once there are as many as expected. */
  alertsOf(number: string, count: number) {
    return vi.waitFor(async () => {
      const rows = await this.supervision.store.fork().find(alerts, { caseNumber: number }, { orderBy: { place: 'asc', id: 'asc' } });
      if (rows.length < count) throw new Error(`${rows.length} alerts of ${count}`);
      return rows;
    }, WAITING);
  }

  /** What a subscription to alerts brings, until `count` have come. */
  async watched(who: Caller, count: number, args = '', variables: Record<string, unknown> = {}): Promise<Record<string, any>[]> {
    const client = createClient({
      url: this.supervision.subscriptionUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: async () => ({ authorization: await this.environment.tokens.authorization('supervision', who) }),
    });
    const seen: Record<string, any>[] = [];
    try {
      const query = `subscription ($after: Cursor) { caseAlerts(after: $after${args}) { id cursor kind alert { id rule level state caseNumber departmentCode } } }`;
      for await (const { data, errors } of client.iterate<Record<string, any>>({ query, variables })) {
        if (errors !== undefined) throw new Error(JSON.stringify(errors));
        seen.push(data?.['caseAlerts']);
        if (seen.length >= count) break;
      }
    } finally {
      await client.dispose();
    }
    return seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.supervision?.[Symbol.asyncDispose]();
    await this.#stack.disposeAsync();
  }
}

export const WAITING = { timeout: 20_000, interval: 10 };
