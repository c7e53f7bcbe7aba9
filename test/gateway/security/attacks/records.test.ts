import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUDIT_STORE } from '../../../../subgraphs/kit/audit/audit-store.js';
import { auditRecords } from '../../../../subgraphs/kit/audit/audit-tables.js';
import { verifyAudit } from '../../../../subgraphs/kit/audit/verify-audit.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { startVictim, type Victim } from './victim.js';

let victim: Victim;
beforeAll(async () => {
  victim = await startVictim({ GATEWAY_AUDIT: 'on' });
});
afterAll(() => victim[Symbol.asyncDispose]());

test('a flood of refusals fills no disk: a few records count all of it, in a chain that is whole until one is changed', async () => {
  const flood = 2_000;
  const began = performance.now();
  for (let sent = 0; sent < flood; sent += 50) {
    await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const headers = n % 2 === 0 ? { origin: `https://evil-${sent + n}.example` } : { 'content-type': 'application/json' };
        const query = `{ node { id } ${Array.from({ length: 300 }, (_none, alias) => `a${sent}_${alias}: node { id }`).join(' ')} }`;
        const response = await fetch(victim.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
        await response.text();
      }),
    );
  }
  const seconds = (performance.now() - began) / 1_000;
  await using store = await openStore(storeAddress(`file:${victim.folder}`, 'gateway-audit'), AUDIT_STORE);
  const rows = () => store.fork().find(auditRecords, {}, { orderBy: { position: 'asc' } });
  await expect.poll(async () => (await rows()).reduce((sum, { count }) => sum + count, 0), { timeout: 10_000 }).toBe(flood);
  const written = await rows();
  expect(new Set(written.map(({ outcome }) => outcome))).toEqual(new Set(['ORIGIN_NOT_ALLOWED', 'OPERATION_TOO_LARGE']));
  // two kinds of one address: each once at the beginning of a window, and once at its end
  expect(written.length).toBeLessThanOrEqual(4 * (Math.ceil(seconds) + 1));
  expect((await verifyAudit(store)).problems).toEqual([]);
  const run = (sql: string) => store.fork().execute(sql, [], 'run');
  await run('update audit_record set count = count + 1 where position = 2');
  expect((await verifyAudit(store)).problems.map(({ kind, position }) => [kind, position])).toEqual([['ALTERED', 2]]);
  expect(await victim.isAlive()).toBe(true);
}, 60_000);
