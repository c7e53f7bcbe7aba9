import { randomUUID } from 'node:crypto';
import { FeedConsumer, type SourceEvent } from '../../kit/feed/consumer.js';
import { graphqlSource } from '../../kit/feed/graphql-source.js';
import type { Fence } from '../../kit/leases/lease.js';
import type { SubgraphEnvironment } from '../../kit/server/subgraph-environment.js';
import type { Store } from '../../kit/store/open-store.js';
import { transaction } from '../../kit/store/transaction.js';
import { knownDepartments } from './tables.js';

const REGISTRY = 'registry';
const DEPARTMENT_EVENTS = /* GraphQL */ `
  subscription DepartmentEvents($after: Cursor) {
    departmentEvents(after: $after) { id cursor kind departmentCode name affiliation url subscriptionUrl }
  }
`;

interface DepartmentEvent extends SourceEvent {
  readonly kind: 'REGISTERED' | 'CHANGED' | 'WITHDRAWN';
  readonly departmentCode: string;
  readonly name: string;
  readonly affiliation: string;
  readonly url: string;
  readonly subscriptionUrl: string;
}

/** Keeps the known departments as the registry has them; `onChange` is called when a change is in the store. */
export function followDepartments(
  store: Store,
  { registry, tokens, log }: SubgraphEnvironment & { registry: NonNullable<SubgraphEnvironment['registry']> },
  { fence, onChange, backoff }: { fence: Fence; onChange: () => void; backoff: { first: number; most: number } },
): FeedConsumer<DepartmentEvent> {
  return new FeedConsumer<DepartmentEvent>({
    store,
    source: graphqlSource<DepartmentEvent>({
      name: REGISTRY,
      url: () => registry.subscriptionUrl,
      query: DEPARTMENT_EVENTS,
      authorization: () => tokens.authorization(REGISTRY, { subject: 'platform:catalog', roles: ['platform'], requestId: randomUUID() }),
    }),
    async apply(tx, { id, kind, departmentCode: code, name, affiliation, url, subscriptionUrl }) {
      const content = { name, affiliation, url, subscriptionUrl, registration: id, withdrawn: kind === 'WITHDRAWN' };
      const row = await tx.findOne(knownDepartments, code);
      if (row === null) tx.create(knownDepartments, { code, ...content, refreshedAt: null, revision: 0 });
      else tx.assign(row, { ...content, revision: row.revision + 1 });
    },
    async run(em, work) {
      await transaction(em, (tx) => work(tx, () => Promise.reject(new Error('a department tells of nothing here'))));
      onChange();
    },
    onRewound: (rewound) =>
      log.error(rewound, 'the registry does not know the events that the catalogue applied last; nothing of it is applied'),
    onFailure: (error) => log.warn({ reason: (error as Error).message }, 'the registry is not followed now; trying again'),
    backoff,
    fence,
  });
}
