import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditSubject } from '../../subgraphs/kit/audit/audit-entry.js';
import { AUDIT_STORE } from '../../subgraphs/kit/audit/audit-store.js';
import { auditRecords } from '../../subgraphs/kit/audit/audit-tables.js';
import { verifyAudit } from '../../subgraphs/kit/audit/verify-audit.js';
import { exchangeRecords } from '../../subgraphs/kit/exchange/exchange-table.js';
import { openStore } from '../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../subgraphs/kit/store/store-address.js';
import { eventually } from '../support/graph.js';
import { type KnownCase, OWNER, Province } from './province.js';

let province: Province;
let drugs: KnownCase;

beforeAll(async () => {
  province = await Province.start();
  drugs = await province.open('drug', 721, OWNER);
}, 120_000);
afterAll(() => province[Symbol.asyncDispose]());

const evidence = (name: string) => openStore(storeAddress(`file:${province.directory}`, `${name}-audit`), AUDIT_STORE);

test('every mutation is on record before it begins and with what it ended in; every refusal once; and nothing personal', async () => {
  await using store = await evidence('acceptance');
  const records = () => store.fork().find(auditRecords, {}, { orderBy: { position: 'asc' } });
  const accepted = (await records()).filter(({ action }) => action === 'acceptApplication');
  expect(accepted.map(({ outcome, roles, object }) => [outcome, roles, object])).toEqual([
    ['BEGUN', 'window', `applicationId=${drugs.applicationId}`],
    ['OK', 'window', expect.stringContaining(`applicationId=${drugs.applicationId}`)],
  ]);
  const before = (await records()).length;
  await province.direct(
    'acceptance',
    province.caller('applicant', 'drug'),
    'mutation { acceptApplication(input: { applicationId: "x" }) { case { number } } }',
  );
  await province.direct(
    'acceptance',
    province.caller('anonymous', 'drug'),
    '{ cases { nodes { number } } more: cases { nodes { number } } }',
  );
  await province.direct('acceptance', province.caller('window', 'drug'), '{ cases { nodes { number } } }');
  await province.direct(
    'acceptance',
    province.caller('window', 'drug'),
    '{ cases { nodes { number } } }',
    {},
    (headers) => void (headers['authorization'] = 'Bearer x'),
  );
  const more = (await records()).slice(before);
  expect(more.map(({ action, outcome, subject }) => [action, outcome, subject])).toEqual([
    ['acceptApplication', 'BEGUN', auditSubject('person-other')],
    ['acceptApplication', 'FORBIDDEN', auditSubject('person-other')],
    ['cases', 'UNAUTHENTICATED', auditSubject('anonymous')],
    ['request', 'INTERNAL_TOKEN_REJECTED', null],
  ]);
  expect((await verifyAudit(store)).problems).toEqual([]);
  const text = JSON.stringify(await records());
  for (const personal of [drugs.applicantName, drugs.idNumber, '13800000000', OWNER]) expect(text).not.toContain(personal);
});

test('what the platform sent is on record at both ends, alike, with its outcome', async () => {
  await using sender = await evidence('acceptance');
  await using receiver = await evidence('drug');
  const sent = await eventually(
    async () => (await sender.fork().find(exchangeRecords, { direction: 'SENT', recipient: 'drug', outcome: 'OK' }))[0],
    'the dispatch is on record',
  );
  const received = await receiver.fork().findOneOrFail(exchangeRecords, { direction: 'RECEIVED', nonce: sent.nonce });
  expect(received).toMatchObject({
    sender: 'platform',
    contentDigest: sent.contentDigest,
    signature: sent.signature,
    requestId: sent.requestId,
    outcome: 'OK',
  });
  await using registry = await evidence('registry');
  expect(await registry.fork().count(exchangeRecords, { sender: 'drug', direction: 'RECEIVED', outcome: 'OK' })).toBe(1);
  expect(await receiver.fork().count(exchangeRecords, { recipient: 'registry', direction: 'SENT', outcome: 'OK' })).toBe(1);
});

test('keys of the exchange and of internal tokens change while calls run, and none is refused', async () => {
  const { openInternalKeys, generateInternalKeys } = await import('../../subgraphs/kit/identity/internal-keys.js');
  const internal = await openInternalKeys(`${province.directory}/keys/internal.json`);
  const codes = new Set<string>();
  let calls = 0;
  const stopped = new AbortController();
  const calling = Array.from({ length: 4 }, async () => {
    while (!stopped.signal.aborted) {
      const { errors } = await province.direct(
        'drug',
        { ...province.caller('department', 'drug'), subject: `officer-${calls++}` },
        'mutation { startStep(departmentCode: "drug", caseNumber: "nothing", stepCode: "x") { number } }',
      );
      codes.add(String(errors?.[0]?.extensions?.['code']));
    }
  });
  const reached = (n: number) => eventually(async () => (calls >= n ? true : undefined), `${n} calls`);
  for (let round = 1; round <= 3; round++) {
    await reached(calls + 20);
    await province.keys.rotate('platform', new Date());
    internal.rotate(await generateInternalKeys(), new Date());
    await reached(calls + 20);
  }
  stopped.abort();
  await Promise.all(calling);
  expect([...codes]).toEqual(['CASE_NOT_FOUND']);
  expect(internal.current().publicKeys.keys).toHaveLength(4);
}, 60_000);
