import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { graphqlSource } from '../../../../subgraphs/kit/feed/graphql-source.js';
import { registerDepartment } from '../../../../subgraphs/kit/registration/register-department.js';
import { callSubgraph } from '../../../../subgraphs/kit/server/call-subgraph.js';
import type { RunningSubgraph } from '../../../../subgraphs/kit/server/serve-subgraph.js';
import type { SubgraphEnvironment } from '../../../../subgraphs/kit/server/subgraph-environment.js';
import type { ItemEvent } from '../../../../subgraphs/platform/catalog/types/item-event.js';
import { CONTRACT_SDL } from '../../../schema/department-fixture.js';

/** An item as a department declares it, complete in every part. */
export function item(code: string, changes: Record<string, any> = {}): Record<string, any> {
  const { guide, ...rest } = changes;
  return {
    code,
    departmentCode: 'drug',
    name: `药品经营许可 ${code}`,
    kind: 'LICENSE',
    state: 'ACTIVE',
    approvalFlow: [{ code: 'review', name: '审查', kind: 'COMPLIANCE_REVIEW', limitDays: 5 }],
    reviewRules: [{ version: 3 }],
    ...rest,
    guide: {
      version: 1,
      itemName: '药品经营许可',
      implementingBody: '河南省药品监督管理局',
      legalBasis: ['药品管理法'],
      conditions: ['有质量管理制度'],
      materials: [{ code: 'm1', name: '申请表', required: true, electronic: true, shared: false }],
      formFields: [{ name: 'address', label: '仓库地址', required: true }],
      commonErrors: ['未盖章'],
      fee: '不收费',
      process: ['受理', '审查', '决定'],
      statutoryDays: 20,
      promisedDays: 10,
      resultName: '药品经营许可证',
      consultation: ['0371-00000000'],
      ...guide,
    },
  };
}

/** A department of which nothing but its answer is real; it counts who asks. */
export class FakeDepartment implements AsyncDisposable {
  readonly tokens: (string | undefined)[] = [];
  #server = createServer();
  #port = 0;
  /** Resolves the next time it is asked. */
  asked = Promise.withResolvers<void>();

  constructor(
    readonly code: string,
    public items: unknown,
  ) {}

  static async start(code: string, items: unknown): Promise<FakeDepartment> {
    const department = new FakeDepartment(code, items);
    await department.open();
    return department;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/graphql`;
  }

  /** Opens at the port it had before, if any. */
  async open(): Promise<void> {
    this.#server = createServer((request, response) => {
      this.tokens.push(request.headers.authorization);
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ data: { departmentItems: this.items } }));
        this.asked.resolve();
        this.asked = Promise.withResolvers<void>();
      });
    });
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async register(environment: SubgraphEnvironment): Promise<void> {
    const subscriptionUrl = this.url.replace('http', 'ws');
    const announcement = { code: this.code, name: `${this.code}局`, affiliation: 'PROVINCIAL', sdl: CONTRACT_SDL } as const;
    await using registration = registerDepartment(environment, { ...announcement, url: this.url, subscriptionUrl });
    await registration.done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.close();
  }
}

/** Speaks to a catalogue over the network, under any role. */
export class CatalogClient {
  constructor(
    readonly environment: SubgraphEnvironment,
    readonly catalog: RunningSubgraph,
  ) {}

  async ask<T extends object = Record<string, any>>(
    query: string,
    variables: Record<string, unknown> = {},
    ...roles: string[]
  ): Promise<T> {
    return callSubgraph<T>({
      url: this.catalog.url,
      authorization: await this.environment.tokens.authorization('catalog', { subject: 'test', roles, requestId: 'test' }),
      query,
      variables,
      requestId: randomUUID(),
      timeout: 20_000,
    });
  }

  async refresh(departmentCode: string, role = 'bureau'): Promise<Record<string, unknown>> {
    const { refreshCatalogue } = await this.ask(
      `mutation($input: RefreshCatalogueInput!) {
        refreshCatalogue(input: $input) { department { code } declared changed retired problems } }`,
      { input: { departmentCode } },
      role,
    );
    return refreshCatalogue;
  }

  async names(filter?: Record<string, unknown>, first = 200): Promise<string[]> {
    const { serviceItems } = await this.ask(
      'query($filter: ServiceItemFilter, $first: Int) { serviceItems(filter: $filter, first: $first) { nodes { name } } }',
      { filter, first },
    );
    return serviceItems.nodes.map(({ name }: { name: string }) => name);
  }

  async problems(): Promise<Record<string, any>[]> {
    const { catalogueProblems } = await this.ask(
      '{ catalogueProblems { nodes { departmentCode itemCode itemName reason since } totalCount } }',
      {},
      'admin',
    );
    return catalogueProblems.nodes;
  }

  /** Item events from the store and live, until it is returned. */
  follow(after?: string): AsyncIterableIterator<ItemEvent> {
    return graphqlSource<ItemEvent>({
      name: 'catalog',
      url: () => this.catalog.subscriptionUrl,
      query: `subscription($after: Cursor) { itemEvents(after: $after) {
        id cursor kind occurredAt departmentCode itemCode name itemKind state guideVersion promisedDays statutoryDays
        materials { code name required electronic shared } formFields { name label required } steps { code name kind limitDays } reviewRuleVersion } }`,
      authorization: () => this.environment.tokens.authorization('catalog', { subject: 'test', roles: ['platform'], requestId: 'test' }),
    }).open(after);
  }

  /** Problem events until `count` have come: whether it is settled, and the item. */
  async problemEvents(count: number): Promise<[boolean, string | null][]> {
    const stream = graphqlSource<{ id: string; cursor: string; settled: boolean; itemCode: string | null }>({
      name: 'catalog',
      url: () => this.catalog.subscriptionUrl,
      query:
        'subscription($after: Cursor) { catalogueProblemEvents(after: $after) { id cursor settled departmentCode itemCode itemName reason } }',
      authorization: () => this.environment.tokens.authorization('catalog', { subject: 'test', roles: ['platform'], requestId: 'test' }),
    }).open(undefined);
    const events: [boolean, string | null][] = [];
    for await (const { settled, itemCode } of stream) {
      events.push([settled, itemCode]);
      if (events.length === count) break;
    }
    return events;
  }

  async events(count: number, after?: string): Promise<ItemEvent[]> {
    const stream = this.follow(after);
    const events: ItemEvent[] = [];
    while (events.length < count) events.push((await stream.next()).value as ItemEvent);
    await stream.return?.();
    return events;
  }
}
