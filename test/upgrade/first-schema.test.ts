import { describe, expect, test } from 'vitest';
import { startDrug } from '../../subgraphs/departments/drug/index.js';
import { DEPARTMENTS } from '../../subgraphs/departments/index.js';
import type { Caller } from '../../subgraphs/kit/identity/caller.js';
import type { RunningSubgraph } from '../../subgraphs/kit/server/serve-subgraph.js';
import type { SubgraphEnvironment } from '../../subgraphs/kit/server/subgraph-environment.js';
import { openStore, type StoreDefinition } from '../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../subgraphs/kit/store/store-address.js';
import { startAcceptance } from '../../subgraphs/platform/acceptance/index.js';
import { LEDGER_STORE } from '../../subgraphs/platform/acceptance/store/definition.js';
import { startCatalog } from '../../subgraphs/platform/catalog/index.js';
import { CATALOG_STORE } from '../../subgraphs/platform/catalog/tables.js';
import { startRegistry } from '../../subgraphs/platform/registry/index.js';
import { REGISTRY_STORE } from '../../subgraphs/platform/registry/tables.js';
import { startSupervision } from '../../subgraphs/platform/supervision/index.js';
import { SUPERVISION_STORE } from '../../subgraphs/platform/supervision/store/definition.js';
import { askSubgraph, caller, testEnvironment } from '../support/environment.js';
import { STORES } from '../support/stores.js';
import {
  CATALOG_THEN,
  DEPARTMENT_THEN,
  type FirstRows,
  LEDGER_THEN,
  REGISTRY_THEN,
  SUPERVISION_THEN,
  storeOfThen,
  THE_CASE,
} from './first-rows.js';

const NOWHERE = { url: 'http://127.0.0.1:1/graphql', subscriptionUrl: 'ws://127.0.0.1:1/graphql' };
const PRODUCER = '20261124-feed-producer';
const CONSUMER = '20261124-feed-consumer';

interface Upgraded {
  readonly definition: StoreDefinition;
  /** What it began with. */
  readonly first: readonly string[];
  readonly rows: FirstRows;
  readonly start: (env: SubgraphEnvironment) => Promise<RunningSubgraph>;
  readonly asks: { readonly who: Caller; readonly query: string; readonly answer: object };
}

const UPGRADED: Readonly<Record<string, Upgraded>> = {
  registry: {
    definition: REGISTRY_STORE,
    first: [PRODUCER, '20261124-registry'],
    rows: REGISTRY_THEN,
    start: (env) => startRegistry(env, { expectedPlatform: [] }),
    asks: {
      who: caller('a', 'admin'),
      query: '{ departments { code name } supergraphVersions(first: 5) { nodes { number version } } }',
      answer: {
        departments: [{ code: 'drug', name: '河南省药品监督管理局' }],
        supergraphVersions: { nodes: [{ number: 1, version: 'c'.repeat(16) }] },
      },
    },
  },
  catalog: {
    definition: CATALOG_STORE,
    first: [PRODUCER, CONSUMER, '20261124-catalog'],
    rows: CATALOG_THEN,
    start: (env) => startCatalog(env),
    asks: {
      who: caller('p', 'applicant'),
      query: '{ serviceItems(first: 5) { nodes { departmentCode name state } } }',
      answer: { serviceItems: { nodes: [{ departmentCode: 'drug', name: '药品生产许可', state: 'ACTIVE' }] } },
    },
  },
  acceptance: {
    definition: LEDGER_STORE,
    first: [PRODUCER, CONSUMER, '20261124-ledger'],
    rows: LEDGER_THEN,
    start: (env) => startAcceptance(env, { catalog: NOWHERE }),
    asks: {
      who: caller('w', 'window'),
      query: `{ case(number: "${THE_CASE}") { number stage applicant { name phone } promisedDueAt materials { code } timeline { kind note } dispatch { state } } }`,
      answer: {
        case: {
          number: THE_CASE,
          stage: 'RECEIVED',
          applicant: { name: '郑州某药业有限公司', phone: '13800001234' },
          promisedDueAt: '2026-03-16T15:59:00.000Z',
          materials: [{ code: 'application-form' }],
          timeline: [
            { kind: 'ACCEPTED', note: '材料齐全' },
            { kind: 'RECEIVED', note: null },
          ],
          dispatch: { state: 'DELIVERED' },
        },
      },
    },
  },
  supervision: {
    definition: SUPERVISION_STORE,
    first: [PRODUCER, CONSUMER, '20261124-supervision'],
    rows: SUPERVISION_THEN,
    start: (env) => startSupervision(env, { acceptance: NOWHERE, catalog: NOWHERE }),
    asks: {
      who: caller('m', 'monitor'),
      query: '{ alerts(first: 5) { nodes { id caseNumber level state } } }',
      answer: { alerts: { nodes: [{ id: '0'.repeat(40), caseNumber: THE_CASE, level: 'RED', state: 'OPEN' }] } },
    },
  },
  drug: {
    definition: DEPARTMENTS.find(({ code }) => code === 'drug')?.store() as StoreDefinition,
    first: [PRODUCER, '20261124-department', '20261124-drug'],
    rows: DEPARTMENT_THEN,
    start: (env) => startDrug(env),
    asks: {
      who: caller('o', 'department:drug'),
      query: `{ _entities(representations: [{ __typename: "Case", number: "${THE_CASE}", departmentCode: "drug" }]) {
        ... on Case { receivedAt steps { code opinion finishedAt } drugProduct { name dosageForm } } } }`,
      answer: {
        _entities: [
          {
            receivedAt: '2026-03-02T01:00:00.000Z',
            steps: [{ code: 'compliance-review', opinion: '符合', finishedAt: '2026-03-02T01:00:00.000Z' }],
            drugProduct: { name: '某某片', dosageForm: '片剂' },
          },
        ],
      },
    },
  },
};

describe.each(STORES)('what the first version wrote, on $name', ({ skip, open }) => {
  test.skipIf(skip).for(Object.keys(UPGRADED))('is read by this one: %s', async (name) => {
    const { definition, first, rows, start, asks } = UPGRADED[name] as Upgraded;
    await using files = await open();
    const address = storeAddress(files.url, name);
    await storeOfThen(address, definition, first, rows);

    const env = await testEnvironment(files.url, { clock: () => new Date('2026-03-03T01:00:00Z') });
    {
      await using store = await openStore(address, definition, env.personalData);
      for (const meta of store.orm.getMetadata().getAll().values()) {
        if (!definition.tables.some((table) => (table as { meta?: unknown }).meta === meta)) continue;
        const found = await store.fork().findAll(meta.class as never, {});
        expect(found.length, meta.tableName).toBe(rows[meta.tableName]?.length ?? 0);
      }
    }
    await using running = await start(env);
    expect(await askSubgraph(env, running, asks.who, asks.query)).toEqual({ data: asks.answer });
  });
});
