import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GatewayAudit } from '../../../gateway/audit/gateway-audit.js';
import { RefusalFlood } from '../../../gateway/audit/refusal-flood.js';
import type { AuditEntry } from '../../../subgraphs/kit/audit/audit-entry.js';
import { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';
import { silent } from '../server/test-gateway.js';

const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  at: new Date(0),
  subject: null,
  roles: '',
  action: 'request',
  object: 'address=a',
  outcome: 'RATE_LIMITED',
  requestId: 'r',
  count: 1,
  ...change,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first of a kind is written at once, its like as one record a second later', () => {
  const written: AuditEntry[] = [];
  using flood = new RefusalFlood((one) => written.push(one));
  flood.note(entry({ requestId: 'first' }));
  expect(written).toEqual([entry({ requestId: 'first' })]);
  for (let n = 0; n < 5_000; n++) flood.note(entry({ requestId: `r-${n}` }));
  expect(written.length).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(written).toEqual([entry({ requestId: 'first' }), entry({ requestId: 'first', count: 5_000 })]);
  flood.note(entry({ requestId: 'later' }));
  expect(written.at(-1)).toEqual(entry({ requestId: 'later' }));
  vi.advanceTimersByTime(10_000);
  expect(written.length).toBe(3);
});

test('whatever comes from however many, few records are written and all of it is counted, under its code', () => {
  const code = fc.constantFrom('RATE_LIMITED', 'UNAUTHENTICATED', 'ORIGIN_NOT_ALLOWED');
  const refusals = fc.array(fc.record({ outcome: code, object: fc.nat(60).map((n) => `address=${n}`) }), { maxLength: 400 });
  fc.assert(
    fc.property(refusals, (came) => {
      const written: AuditEntry[] = [];
      const flood = new RefusalFlood((one) => written.push(one));
      for (const one of came) flood.note(entry(one));
      flood[Symbol.dispose]();
      expect(written.length).toBeLessThanOrEqual(2 * 20 + 3);
      const sums = (entries: readonly Pick<AuditEntry, 'outcome' | 'count'>[]) => {
        const by: Record<string, number> = {};
        for (const { outcome, count } of entries) by[outcome] = (by[outcome] ?? 0) + count;
        return by;
      };
      expect(sums(written)).toEqual(sums(came.map(({ outcome }) => ({ outcome, count: 1 }))));
    }),
  );
});

test('a store that is slow is given a thousand records at most; the others are counted as lost', async () => {
  vi.useRealTimers();
  const { promise, resolve } = Promise.withResolvers<void>();
  let given = 0;
  await using audit = new GatewayAudit({
    sink: { record: async () => (given++, promise) },
    clock: () => new Date(0),
    logger: silent,
    windowMs: 1,
  });
  const refused = () => new CataloguedError('RATE_LIMITED', 'x');
  const windows = 80;
  for (let window = 0; window < windows; window++) {
    for (let n = 0; n < 20; n++) audit.refused(refused(), { requestId: 'r', address: `${window}.${n}` });
    // the window closes
    await new Promise((next) => setTimeout(next, 3));
  }
  expect(given).toBe(1_000);
  expect(audit.lost).toBe(windows * 20 - 1_000);
  resolve();
});

test('a store that fails is reported once until it works again, and nobody is refused for it', async () => {
  vi.useRealTimers();
  let fails = true;
  const reported: unknown[] = [];
  const logger = { error: (_: unknown, message: string) => reported.push(message) };
  const audit = new GatewayAudit({
    sink: { record: () => (fails ? Promise.reject(new Error('the disk is full')) : Promise.resolve()) },
    clock: () => new Date(0),
    logger: logger as never,
  });
  const mutate = () => audit.mutated({ requestId: 'r', action: 'decide', object: '', outcome: 'OK' });
  await mutate();
  await mutate();
  expect([reported.length, audit.lost]).toEqual([1, 2]);
  fails = false;
  await mutate();
  fails = true;
  await mutate();
  expect([reported.length, audit.lost]).toEqual([2, 3]);
  await audit[Symbol.asyncDispose]();
});
