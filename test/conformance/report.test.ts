import { expect, test } from 'vitest';
import { CHECKS, type CheckResult, type ConformanceOptions, runConformance } from '../../schema/conformance/index.js';
import { told } from '../../schema/conformance/told.js';
import type { Fault } from './plain-department/faults.js';
import { plainTarget } from './target.js';

async function run(options: Partial<ConformanceOptions>, ...faults: Fault[]) {
  await using target = await plainTarget(...faults);
  const asked: string[] = [];
  const report = await runConformance({
    ...target.options,
    async authorization(audience, caller) {
      const made = await target.options.authorization(audience, caller);
      asked.push(made.replace('Bearer ', ''));
      return made;
    },
    ...options,
  });
  return { report, asked };
}

test('reports carry neither tokens, nor personal data, nor stack traces', async () => {
  const { report, asked } = await run({}, 'stack traces in errors', 'every push refused');
  const text = JSON.stringify(report);
  expect(report.passed).toBe(false);
  expect(asked.filter((token) => text.includes(token))).toEqual([]);
  expect(text.includes('91000000000000000K')).toBe(false);
  expect(/ at [\w.]+ \([^)]*:\d+/.test(text)).toBe(false);
});

test('what is told of a value is short and clean', () => {
  expect(told('Bearer abc.def.ghi is wrong')).toBe('Bearer … is wrong');
  expect(told({ token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2ln' })).toBe('{"token":"(a token)"}');
  expect(told('11010519491231002X and 91000000000000000K, 13800138000')).toBe('(an identity number) and (a credit code), (a phone number)');
  expect(told('oops\n    at resolve (file:///srv/app.js:1:2)\n    at next')).toBe('oops … (a stack trace)');
  expect(told(JSON.stringify({ debug: 'Error: oops\n    at resolve (/srv/app.js:1:2)' }))).not.toContain('/srv');
  expect(told('x'.repeat(1_000))).toHaveLength(400 + '… (1000 characters)'.length);
  // an item's code of 31 characters has a credit code in it, and is no person's
  expect(told('1141000000000000002000000000001')).toBe('1141000000000000002000000000001');
});

test('results come one by one, and the report has them in the order of the registry', async () => {
  const came: CheckResult[] = [];
  const { report } = await run({ checks: 'smoke', onResult: (result) => came.push(result) });
  expect(came.map(({ id }) => id).toSorted()).toEqual(report.results.map(({ id }) => id).toSorted());
  const places = report.results.map(({ id }) => CHECKS.findIndex((check) => check.id === id));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('the smoke checks only read', async () => {
  await using target = await plainTarget();
  const smoke = await runConformance({ ...target.options, checks: 'smoke' });
  expect(smoke.passed).toBe(true);
  expect(smoke.results.map(({ id }) => id)).toEqual(CHECKS.filter((check) => check.smoke).map(({ id }) => id));
  const response = await fetch(target.options.url, {
    method: 'POST',
    headers: { authorization: await target.options.authorization('archives', { subject: 'test', roles: ['platform'], requestId: 'test' }) },
    body: JSON.stringify({ query: '{ caseEventPage(departmentCode: "archives") { id } }' }),
  });
  expect(await response.json()).toEqual({ data: { caseEventPage: [] } });
});

test('checks asked for by id bring along what they build on', async () => {
  const { report } = await run({ checks: ['receive.idempotent'] });
  expect(report.results.map(({ id }) => id)).toEqual([
    'endpoint.answers',
    'sdl.service',
    'items.declared',
    'entities.typename',
    'receive.accepts',
    'receive.idempotent',
  ]);
});

test('an id that no check has is refused', async () => {
  await expect(run({ checks: ['receive.idempotnt'] })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('what the suite can’t try is skipped with the reason', async () => {
  const { report } = await run({
    checks: ['tokens.expired', 'receive.accepts'],
    itemCode: 'no-such-item',
    expiredAuthorization: undefined,
  });
  const skipped = report.results.filter(({ outcome }) => outcome === 'skipped').map(({ id, reason }) => [id, reason]);
  expect(skipped).toEqual([
    ['tokens.expired', 'no expired token was given to the suite'],
    ['receive.accepts', 'the department has no item with the code given'],
  ]);
  expect(report.passed).toBe(true);
});
