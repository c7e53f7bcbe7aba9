import type { CopiedTable } from '../../subgraphs/kit/store/copy/copied-tables.js';
import { openRawStore, type RawValue } from '../../subgraphs/kit/store/copy/raw-store.js';
import { openStore, type StoreDefinition } from '../../subgraphs/kit/store/open-store.js';
import type { StoreAddress } from '../../subgraphs/kit/store/store-address.js';

type Value = string | number | Date | object | null;
/** Rows by table, as the very first version of a subgraph wrote them; never changed. */
export type FirstRows = Readonly<Record<string, readonly Readonly<Record<string, Value>>[]>>;

/** Makes a store with the first migrations alone and fills it with SQL, without any entity. */
export async function storeOfThen(
  address: StoreAddress,
  definition: StoreDefinition,
  first: readonly string[],
  rows: FirstRows,
): Promise<void> {
  const then = (migrations: StoreDefinition['migrations']['sqlite']) => {
    const found = migrations.filter(({ name }) => first.includes(name));
    if (found.length !== first.length) throw new Error(`one of ${first.join(', ')} is gone`);
    return found;
  };
  const { sqlite, mysql } = definition.migrations;
  await (await openStore(address, { tables: definition.tables, migrations: { sqlite: then(sqlite), mysql: then(mysql) } }))[
    Symbol.asyncDispose
  ]();
  await using raw = await openRawStore(address);
  for (const [name, all] of Object.entries(rows))
    for (const row of all) {
      const columns = Object.entries(row).map(([column, value]) => ({ name: column, kind: kindOf(value) }));
      await raw.insert({ name, columns }, [Object.values(row).map(written)]);
    }
}

function kindOf(value: Value): CopiedTable['columns'][number]['kind'] {
  if (value instanceof Date) return 'datetime';
  if (typeof value === 'number') return 'integer';
  return typeof value === 'object' && value !== null ? 'json' : 'text';
}

function written(value: Value): RawValue {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

const at = (text: string) => new Date(`${text}:00.000Z`);
const EARLY = at('2026-03-02T01:00');
const FEED = '5f0e6b52-7c1d-4a52-9d8e-2f6f3b1c9a01';

function feed(...events: { id: string; kind: string; subject: string; payload: object }[]): FirstRows {
  return {
    feed_head: [{ name: 'main', feed_id: FEED, position: events.length }],
    feed_event: events.map((event, index) => ({ position: index + 1, scope: 'drug', occurred_at: EARLY, ...event })),
  };
}

const APPLICATION = {
  department_code: 'drug',
  item_code: '11410000MB1912677K4000123001000',
  channel: 'WINDOW',
  materials: [{ code: 'application-form', name: '申请表', source: 'PAPER', contentHash: null, url: null }],
  form: [{ name: 'scope', value: '全部' }],
  applicant_subject: 'somebody',
  applicant_kind: 'ENTERPRISE',
  applicant_name: '郑州某药业有限公司',
  applicant_id_number: '91410000MA00000018',
  applicant_phone: '13800001234',
};
const NUMBER = '410000DRUG20260302000001X';

export const REGISTRY_THEN: FirstRows = {
  ...feed({ id: 'r-1', kind: 'REGISTERED', subject: 'drug', payload: { name: '药监局' } }),
  registry_head: [{ name: 'main', revision: 3 }],
  platform_subgraph: [
    {
      name: 'catalog',
      url: 'http://catalog.test/graphql',
      subscription_url: 'ws://catalog.test/graphql',
      publication: { sdl: 'type Query { items: Int }' },
      sdl_hash: 'a'.repeat(64),
      registered_at: EARLY,
      updated_at: EARLY,
      version: 2,
    },
  ],
  department: [
    {
      code: 'drug',
      name: '河南省药品监督管理局',
      affiliation: 'PROVINCIAL',
      url: 'http://drug.test/graphql',
      subscription_url: 'ws://drug.test/graphql',
      publication: { sdl: 'type Query { drugThings: Int }' },
      sdl_hash: 'b'.repeat(64),
      registered_at: EARLY,
      updated_at: EARLY,
      version: 1,
    },
  ],
  supergraph_version: [
    {
      number: 1,
      version: 'c'.repeat(16),
      composition_key: 'd'.repeat(64),
      document: { sdl: 'type Query { a: Int }' },
      composed_from: [],
      created_at: EARLY,
    },
  ],
};

export const CATALOG_THEN: FirstRows = {
  ...feed({ id: 'i-1', kind: 'DECLARED', subject: APPLICATION.item_code, payload: { state: 'ACTIVE' } }),
  known_department: [
    {
      code: 'drug',
      name: '河南省药品监督管理局',
      affiliation: 'PROVINCIAL',
      url: 'http://drug.test/graphql',
      subscription_url: 'ws://drug.test/graphql',
      registration: 'r-1',
      refreshed_at: EARLY,
      revision: 1,
    },
  ],
  service_item: [
    {
      department_code: 'drug',
      code: APPLICATION.item_code,
      name: '药品生产许可',
      search_text: '药品生产许可',
      kind: 'LICENSE',
      state: 'ACTIVE',
      guide_version: 1,
      promised_days: 10,
      statutory_days: 20,
      content: {},
      declared_at: EARLY,
      changed_at: EARLY,
    },
  ],
};

export const LEDGER_THEN: FirstRows = {
  ...feed(
    { id: 'e-1', kind: 'ACCEPTED', subject: NUMBER, payload: { stage: 'ACCEPTED', ordinal: 1 } },
    { id: 'e-2', kind: 'RECEIVED', subject: NUMBER, payload: { stage: 'RECEIVED', ordinal: 2 } },
  ),
  feed_cursor: [{ source: 'department:drug', cursor: Buffer.from(`${FEED}:1`).toString('base64url'), updated_at: EARLY }],
  feed_applied: [{ source: 'department:drug', event_id: 'd-1', refusal: null, applied_at: EARLY }],
  department: [
    {
      code: 'drug',
      name: '河南省药品监督管理局',
      url: 'http://drug.test/graphql',
      subscription_url: 'ws://drug.test/graphql',
      letters: 'DRUG',
      registrations: 1,
    },
  ],
  item: [
    {
      department_code: 'drug',
      code: APPLICATION.item_code,
      name: '药品生产许可',
      retired: 0,
      guide_version: 1,
      promised_days: 10,
      statutory_days: 20,
      materials: [],
      form_fields: [],
    },
  ],
  application: [
    {
      id: '0b0c6a1e-1111-4222-8333-444455556666',
      ...APPLICATION,
      state: 'ACCEPTED',
      submitted_at: EARLY,
      submitted_by: 'somebody',
      request_key: null,
      fingerprint: 'f'.repeat(64),
      guide_version: 1,
      case_number: NUMBER,
      version: 1,
    },
  ],
  accepted_case: [
    {
      number: NUMBER,
      application_id: '0b0c6a1e-1111-4222-8333-444455556666',
      ...APPLICATION,
      accepted_at: EARLY,
      accepted_by: 'window-1',
      stage: 'RECEIVED',
      running_procedures: [],
      promised_days: 10,
      statutory_days: 20,
      promised_due_at: at('2026-03-16T15:59'),
      statutory_due_at: at('2026-03-30T15:59'),
      due_dates_pending: 0,
      due_sort: at('2026-03-16T15:59'),
      outcome: null,
      decided_at: null,
      certificate_number: null,
      closed_at: null,
      progress_count: 2,
      version: 2,
    },
  ],
  case_count: [{ department_code: 'drug', day: '2026-03-02', last: 1 }],
  case_progress: ['ACCEPTED', 'RECEIVED'].map((kind, index) => ({
    case_number: NUMBER,
    ordinal: index + 1,
    event_id: `e-${index + 1}`,
    source_event_id: index === 0 ? null : 'd-1',
    department_code: 'drug',
    kind,
    occurred_at: EARLY,
    recorded_at: EARLY,
    stage: kind,
    note: index === 0 ? '材料齐全' : null,
  })),
  dispatch: [
    {
      case_number: NUMBER,
      department_code: 'drug',
      state: 'DELIVERED',
      attempts: 1,
      next_attempt_at: 0,
      delivered_at: EARLY,
      received_at: EARLY,
    },
  ],
};

export const SUPERVISION_THEN: FirstRows = {
  ...feed({ id: 's-1', kind: 'RAISED', subject: NUMBER, payload: {} }),
  supervised_case: [
    {
      id: NUMBER,
      department_code: 'drug',
      item_code: APPLICATION.item_code,
      case_number: NUMBER,
      channel: 'WINDOW',
      promised_days: 10,
      statutory_days: 20,
      facts: {},
      contributions: [],
      next_check_at: null,
      pending: 0,
      version: 1,
    },
  ],
  alert: [
    {
      id: '0'.repeat(40),
      subject: NUMBER,
      rule: 'LIMIT_NEAR',
      occurrence: '1',
      level: 'RED',
      state: 'OPEN',
      in_hand: 1,
      place: '2026-03-02',
      department_code: 'drug',
      item_code: APPLICATION.item_code,
      case_number: NUMBER,
      arisen_at: EARLY,
      raised_at: EARLY,
      detail: {},
      move_count: 0,
      version: 1,
    },
  ],
  alert_tally: [{ department_code: 'drug', rule: 'LIMIT_NEAR', level: 'RED', state: 'OPEN', count: 1 }],
};

export const DEPARTMENT_THEN: FirstRows = {
  ...feed({ id: 'd-1', kind: 'RECEIVED', subject: NUMBER, payload: {} }),
  department_case: [
    {
      number: NUMBER,
      item_code: APPLICATION.item_code,
      accepted_at: EARLY,
      received_at: EARLY,
      promised_days: 10,
      statutory_days: 20,
      promised_due_at: at('2026-03-16T15:59'),
      statutory_due_at: null,
      version: 1,
    },
  ],
  case_application: [
    {
      case_number: NUMBER,
      applicant: { kind: 'ENTERPRISE', name: '郑州某药业有限公司', idNumber: '91410000MA00000018', phone: '13800001234' },
      materials: APPLICATION.materials,
      form: APPLICATION.form,
    },
  ],
  case_step: [
    {
      case_number: NUMBER,
      code: 'compliance-review',
      ordinal: 1,
      name: '合规审查',
      kind: 'COMPLIANCE_REVIEW',
      started_at: EARLY,
      finished_at: EARLY,
      handler: '王',
      opinion: '符合',
    },
  ],
  drug_product: [{ case_number: NUMBER, name: '某某片', dosage_form: '片剂', specification: null, production_address: null }],
};

export const THE_CASE = NUMBER;
