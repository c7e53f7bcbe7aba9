import { describe, expect, test } from 'vitest';
import { type AuditEntry, auditCaller, auditObject } from '../../../../subgraphs/kit/audit/audit-entry.js';
import { AUDIT_STORE } from '../../../../subgraphs/kit/audit/audit-store.js';
import { auditRecords } from '../../../../subgraphs/kit/audit/audit-tables.js';
import { AuditTrail } from '../../../../subgraphs/kit/audit/audit-trail.js';
import { verifyAudit } from '../../../../subgraphs/kit/audit/verify-audit.js';
import { openStore, type Store } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { STORES } from '../../../support/stores.js';

const entry = (n: number, change: Partial<AuditEntry> = {}): AuditEntry => ({
  at: new Date(1_790_000_000_000 + n),
  subject: 'a'.repeat(64),
  roles: 'window',
  action: 'acceptApplication',
  object: `applicationId=${n}`,
  outcome: 'OK',
  requestId: `r-${n}`,
  count: 1,
  ...change,
});

const opened = (url: string) => openStore(storeAddress(url, 'acceptance-audit'), AUDIT_STORE);
const run = (store: Store, sql: string) => store.fork().execute(sql, [], 'run');

describe.each(STORES)('an audit on $name', ({ skip, open }) => {
  test.skipIf(skip)('of many writers at once is one chain without a gap', async () => {
    await using files = await open();
    // SQLite is one connection per process; on MariaDB the writers are instances of their own
    const instances = files.url.startsWith('file:') ? 1 : 3;
    await using stack = new AsyncDisposableStack();
    const trails: AuditTrail[] = [];
    for (let i = 0; i < instances; i++) trails.push(stack.use(new AuditTrail(await opened(files.url))));
    await Promise.all(Array.from({ length: 300 }, (_, n) => (trails[n % instances] as AuditTrail).record(entry(n))));
    await using store = await opened(files.url);
    const verdict = await verifyAudit(store);
    expect(verdict).toMatchObject({ records: 300, problems: [] });
    const rows = await store.fork().find(auditRecords, {}, { orderBy: { position: 'asc' } });
    expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    expect(new Set(rows.map(({ requestId }) => requestId)).size).toBe(300);
    // a later writer goes on where the chain ends
    await using later = new AuditTrail(opened(files.url));
    await later.record(entry(300));
    expect(await verifyAudit(store, [verdict.end])).toMatchObject({ records: 301, problems: [] });
  });

  test.skipIf(skip)('is found whole while it is written to', async () => {
    await using files = await open();
    await using store = await opened(files.url);
    await using trail = new AuditTrail(await opened(files.url));
    let written = 0;
    const over = new AbortController();
    const writing = (async () => {
      while (!over.signal.aborted) await trail.record(entry(written++));
    })();
    const problems = [];
    for (let n = 0; n < 40; n++) problems.push(...(await verifyAudit(store)).problems);
    over.abort();
    await writing;
    expect(problems).toEqual([]);
    expect(written).toBeGreaterThan(1);
  });

  const TAMPERING: [string, (store: Store) => Promise<unknown>, string[]][] = [
    ...['at', 'subject', 'roles', 'action', 'object', 'outcome', 'request_id', 'count', 'previous', 'hash'].map(
      (column): [string, (store: Store) => Promise<unknown>, string[]] => [
        `altering ${column}`,
        (store) =>
          run(
            store,
            `update audit_record set ${column} = '${column === 'at' || column === 'count' ? 7 : 'b'.repeat(64)}' where position = 5`,
          ),
        column === 'previous' ? ['ALTERED', 'MOVED'] : column === 'hash' ? ['ALTERED', 'MOVED'] : ['ALTERED'],
      ],
    ),
    ['making who did it unknown', (store) => run(store, 'update audit_record set subject = null where position = 5'), ['ALTERED']],
    ['deleting one', (store) => run(store, 'delete from audit_record where position = 5'), ['MISSING', 'MOVED']],
    ['deleting the first', (store) => run(store, 'delete from audit_record where position = 1'), ['MISSING', 'MOVED']],
    ['deleting the last', (store) => run(store, 'delete from audit_record where position = 10'), ['END_CUT']],
    ['deleting all', (store) => run(store, 'delete from audit_record'), ['END_CUT']],
    [
      'deleting one and closing the gap',
      async (store) => {
        await run(store, 'delete from audit_record where position = 5');
        for (let n = 6; n <= 10; n++) await run(store, `update audit_record set position = ${n - 1} where position = ${n}`);
      },
      ['ALTERED', 'MOVED', 'ALTERED', 'ALTERED', 'ALTERED', 'ALTERED', 'END_CUT'],
    ],
    [
      'exchanging two',
      async (store) => {
        await run(store, 'update audit_record set position = 99 where position = 4');
        await run(store, 'update audit_record set position = 4 where position = 5');
        await run(store, 'update audit_record set position = 5 where position = 99');
      },
      ['ALTERED', 'MOVED', 'ALTERED', 'MOVED', 'MOVED'],
    ],
    [
      'putting a copy in',
      (store) =>
        run(
          store,
          'insert into audit_record (position, at, subject, roles, action, object, outcome, request_id, count, previous, hash) select 11, at, subject, roles, action, object, outcome, request_id, count, previous, hash from audit_record where position = 5',
        ),
      ['ALTERED', 'MOVED', 'END_CUT'],
    ],
  ];
  test.skipIf(skip).each(TAMPERING)('%s is found', async (_what, tamper, kinds) => {
    await using files = await open();
    await using trail = new AuditTrail(opened(files.url));
    for (let n = 1; n <= 10; n++) await trail.record(entry(n));
    await using store = await opened(files.url);
    expect((await verifyAudit(store)).problems).toEqual([]);
    await tamper(store);
    expect((await verifyAudit(store)).problems.map(({ kind }) => kind)).toEqual(kinds);
  });

  test.skipIf(skip)('whoever writes the whole chain anew is found by a place that was noted before', async () => {
    await using files = await open();
    await using store = await opened(files.url);
    const trail = new AuditTrail(opened(files.url));
    for (let n = 1; n <= 3; n++) await trail.record(entry(n));
    const { end } = await verifyAudit(store);
    await trail[Symbol.asyncDispose]();
    await run(store, 'delete from audit_record');
    await run(store, 'delete from audit_head');
    await using forged = new AuditTrail(opened(files.url));
    for (let n = 1; n <= 4; n++) await forged.record(entry(n, { outcome: 'FORBIDDEN' }));
    expect((await verifyAudit(store)).problems).toEqual([]);
    expect((await verifyAudit(store, [end])).problems.map(({ kind }) => kind)).toEqual(['ANCHOR_MISSED']);
    expect((await verifyAudit(store, [{ position: 9, hash: end.hash }])).problems.map(({ kind }) => kind)).toEqual(['ANCHOR_MISSED']);
  });

  test.skipIf(skip)('a flood of refusals by nobody known is counted, not stored one by one', async () => {
    await using files = await open();
    await using trail = new AuditTrail(opened(files.url));
    const refusal = entry(1, { subject: null, roles: '', action: 'request', object: '', outcome: 'INTERNAL_TOKEN_REJECTED' });
    await Promise.all(Array.from({ length: 5_000 }, () => trail.record(refusal)));
    await using store = await opened(files.url);
    const rows = await store.fork().find(auditRecords, {});
    expect(rows.length).toBeLessThan(10);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
    expect((await verifyAudit(store)).problems).toEqual([]);
  });
});

test('a record names things by their codes, and has nothing of what people wrote', () => {
  expect(auditObject({ departmentCode: 'drug', caseNumber: '410000-1', opinion: '张三同意' })).toBe(
    'departmentCode=drug caseNumber=410000-1',
  );
  expect(
    auditObject({ input: { departmentCode: 'drug', itemCode: 'x', applicant: { name: '张三', idNumber: '11010519491231002X' } } }),
  ).toBe('departmentCode=drug itemCode=x');
  expect(auditObject({}, { application: { id: 'a-1', applicantName: '张三' }, case: { number: 'n-1' } })).toBe('id=a-1 number=n-1');
  for (const personal of ['11010519491231002X', '13800005678', '110105491231002']) {
    expect(auditObject({ caseNumber: personal, departmentCode: '张三' })).toBe('caseNumber=*');
  }
  expect(auditObject({ caseNumber: 'x'.repeat(100), name: '张三 <b>' })).toBe('');
  expect(auditCaller({ subject: '张三', roles: ['window', 'evil\nrole', 'department:drug'], requestId: '13800005678' })).toEqual({
    subject: expect.stringMatching(/^[0-9a-f]{64}$/),
    roles: 'window department:drug',
    requestId: 'unknown',
  });
});

test('what can not be recorded does not happen', async () => {
  await using trail = new AuditTrail(Promise.reject(new Error('the disk is full')));
  await expect(trail.record(entry(1))).rejects.toThrow('the disk is full');
});
