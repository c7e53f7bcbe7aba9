import { type AskedAs, callerOf } from './callers.js';
import type { CaseEvent, DeclaredItem, HandledCase, ItemEntity } from './client/documents.js';
import { CASE_FIELDS, DEPARTMENT_ITEMS, ITEM_FIELDS } from './client/documents.js';
import { EventStream } from './client/event-stream.js';
import { type AnsweredError, type GraphQLAnswer, graphqlAnswer } from './client/graphql-answer.js';
import { type HttpAnswer, httpPost } from './client/http-post.js';
import { TransportSocket } from './client/transport-socket.js';
import { FeedPages } from './feed-pages.js';
import type { ConformanceOptions } from './options.js';
import type { SeededRandom } from './random.js';
import { type Life, liveOneLife } from './synthetic/life.js';
import { receiveTestCase, type TestCase } from './synthetic/test-case.js';
import { type TestItem, testItem } from './synthetic/test-item.js';
import { expectThat, Unmet } from './unmet.js';

export type Variables = Readonly<Record<string, unknown>>;

/** One run of the suite against one department: how its checks ask, and what several of them share. */
export class Session {
  readonly code: string;
  readonly timeoutMs: number;
  readonly pages: FeedPages;
  readonly #shared = new Map<string, Promise<unknown>>();

  constructor(
    readonly options: ConformanceOptions,
    readonly random: SeededRandom,
    /** Distinguishes the cases of this run from any other's. */
    readonly run: string,
  ) {
    this.code = options.code;
    this.timeoutMs = options.timeoutMs ?? 5_000;
    this.pages = new FeedPages(this);
  }

  get subscriptionUrl(): string {
    return this.options.subscriptionUrl ?? this.options.url.replace(/^http/i, 'ws');
  }

  /** @throws Unmet when no token could be made. */
  async authorization(as: AskedAs, audience = this.code): Promise<string> {
    try {
      return await this.options.authorization(audience, callerOf(as, this.code));
    } catch {
      throw new Unmet('no internal token could be made; this is no fault of the department');
    }
  }

  /** Posts a body as it is, with a whole `authorization` header or none. @throws Unmet when no answer comes. */
  post(body: string, authorization: string | undefined): Promise<HttpAnswer> {
    return httpPost({ url: this.options.url, body, authorization, timeoutMs: this.timeoutMs });
  }

  /** @throws Unmet when what comes is no GraphQL answer. */
  async ask(query: string, variables: Variables = {}, as: AskedAs = 'platform'): Promise<GraphQLAnswer> {
    return graphqlAnswer(await this.post(JSON.stringify({ query, variables }), await this.authorization(as)));
  }

  /** The one root field of an answer without any error. @throws Unmet */
  async data<T>(query: string, variables: Variables = {}, as: AskedAs = 'platform'): Promise<T> {
    const { data, errors } = await this.ask(query, variables, as);
    if (errors.length > 0) throw new Unmet('the request was answered with an error', { expected: 'data', found: errors[0]?.message });
    const [value] = Object.values(data ?? {});
    if (value == null) throw new Unmet('the request was answered with null', { expected: 'data', found: data ?? null });
    return value as T;
  }

  /** The error of a request that has to be refused. @throws Unmet when it brought data, or no error. */
  async refused(query: string, variables: Variables = {}, as: AskedAs = 'platform'): Promise<AnsweredError> {
    const { data, errors } = await this.ask(query, variables, as);
    const [value] = Object.values(data ?? {});
    expectThat(value == null, 'it was answered instead of refused', { expected: 'an error', found: data });
    const [error] = errors;
    expectThat(error !== undefined, 'it was answered with null and no error', { expected: 'an error', found: { data } });
    return error;
  }

  /** `_entities`, each with `fields` of its type. @throws Unmet */
  async entities<T>(representations: readonly object[], typename: 'Case' | 'ServiceItem', fields: string): Promise<(T | null)[]> {
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on ${typename} { ${fields} } } }`;
    const rows = await this.data<(T | null)[]>(query, { representations });
    expectThat(
      Array.isArray(rows) && rows.length === representations.length,
      '_entities answered another number of rows than it was asked for',
      {
        expected: representations.length,
        found: Array.isArray(rows) ? rows.length : rows,
      },
    );
    return rows;
  }

  async case(number: string): Promise<HandledCase | null> {
    const [found] = await this.entities<HandledCase>([this.caseKey(number)], 'Case', CASE_FIELDS);
    return found ?? null;
  }

  async item(code: string): Promise<ItemEntity | null> {
    const [found] = await this.entities<ItemEntity>([this.itemKey(code)], 'ServiceItem', ITEM_FIELDS);
    return found ?? null;
  }

  caseKey(number: string, departmentCode = this.code) {
    return { __typename: 'Case', number, departmentCode };
  }

  itemKey(code: string, departmentCode = this.code) {
    return { __typename: 'ServiceItem', code, departmentCode };
  }

  /** A socket that the server has acknowledged. @throws Unmet */
  async socket(as: AskedAs = 'platform'): Promise<TransportSocket> {
    const socket = await TransportSocket.open(this.subscriptionUrl, this.timeoutMs);
    socket.send({ type: 'connection_init', payload: { authorization: await this.authorization(as) } });
    await socket.next(({ type }) => type === 'connection_ack', 'connection_ack');
    return socket;
  }

  follow(socket: TransportSocket, after: string | undefined, id = 'feed', departmentCode = this.code): EventStream {
    return new EventStream(socket, id, departmentCode, after);
  }

  items(): Promise<DeclaredItem[]> {
    return this.once('items', () => this.data<DeclaredItem[]>(DEPARTMENT_ITEMS, { departmentCode: this.code }));
  }

  testItem(): Promise<TestItem> {
    return this.once('test item', () => testItem(this));
  }

  /** Pushes a synthetic case as the platform would. @throws Unmet when it is refused. */
  receive(): Promise<TestCase> {
    return receiveTestCase(this);
  }

  /** A whole life of one case, lived once for all checks that look at it. @throws Unmet at the first move that is refused. */
  life(): Promise<Life> {
    return this.once('life', () => liveOneLife(this));
  }

  /** Events of these cases after a cursor, in the feed's order. */
  async eventsOf(numbers: readonly string[], after: string | undefined): Promise<CaseEvent[]> {
    return (await this.pages.after(after)).filter(({ caseNumber }) => numbers.includes(caseNumber));
  }

  /** Does something once per run, whoever asks first; a failure is shared as well. */
  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    let made = this.#shared.get(name);
    if (made === undefined) {
      made = make();
      this.#shared.set(name, made);
    }
    return made as Promise<T>;
  }
}
