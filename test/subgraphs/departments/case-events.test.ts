import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { DRUG_PRODUCTION } from '../../../subgraphs/departments/drug/items/drug-production.js';
import { STORES } from '../../support/stores.js';
import { type DepartmentHarness, knownDepartment, startHarness } from './department-harness.js';
import { EVENTS, events, moved, received } from './moves.js';

const drug = knownDepartment('drug');

/** Follows the feed over a socket until `count` events came, then leaves. */
async function follow(
  it: DepartmentHarness,
  {
    after = null,
    count,
    roles = ['platform'],
    departmentCode = 'drug',
  }: { after?: string | null; count: number; roles?: string[]; departmentCode?: string },
): Promise<any[]> {
  const authorization = await it.tokens.authorization('drug', { subject: 'platform:acceptance', roles, requestId: 'r' });
  const client = createClient({
    url: it.running.subscriptionUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
  });
  const query = `subscription ($code: ID!, $after: Cursor) { caseEvents(departmentCode: $code, after: $after) { ${EVENTS} } }`;
  const seen: any[] = [];
  try {
    for await (const answer of client.iterate<{ caseEvents: any }>({ query, variables: { code: departmentCode, after } })) {
      if (answer.errors !== undefined) throw Object.assign(new Error('refused'), { errors: answer.errors });
      seen.push(answer.data?.caseEvents);
      if (seen.length === count) break;
    }
  } finally {
    await client.dispose();
  }
  return seen;
}

describe.each(STORES)('the feed of a department on $name', ({ skip, open }) => {
  test.skipIf(skip)('gives what is stored, then what happens, once each and in order', async () => {
    await using files = await open();
    await using it = await startHarness(drug, files.url);
    const number = await received(it, DRUG_PRODUCTION);
    await moved(it, 'startStep', number, { stepCode: 'compliance-review' });
    const following = follow(it, { count: 5 });
    await moved(it, 'finishStep', number, { stepCode: 'compliance-review', opinion: '符合' });
    await moved(it, 'startSpecialProcedure', number, { kind: 'INSPECTION', reason: '检查', expectedDays: 30 });
    await moved(it, 'finishSpecialProcedure', number, { kind: 'INSPECTION' });
    const seen = await following;
    expect(seen.map(({ kind }) => kind)).toEqual([
      'RECEIVED',
      'STEP_STARTED',
      'STEP_FINISHED',
      'SPECIAL_PROCEDURE_STARTED',
      'SPECIAL_PROCEDURE_FINISHED',
    ]);
    expect(seen[3].specialProcedure).toMatchObject({ kind: 'INSPECTION', expectedDays: 30, finishedAt: null, reason: '检查' });
    expect(seen[4].specialProcedure.finishedAt).toBe('2026-11-24T01:00:00.000Z');
    expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
    expect(await events(it)).toEqual(seen);

    // resumed anywhere, by socket or by page, it goes on with the next
    const after = seen[1].cursor;
    expect(await follow(it, { after, count: 3 })).toEqual(seen.slice(2));
    expect(await events(it, after, 2)).toEqual(seen.slice(2, 4));
    await moved(it, 'extendLimit', number, { days: 10, reason: '复杂' });
    const [extended] = await follow(it, { after: seen[4].cursor, count: 1 });
    expect(extended).toMatchObject({
      kind: 'EXTENDED',
      extension: { days: 10, reason: '复杂' },
      caseNumber: number,
      departmentCode: 'drug',
    });
  });

  test.skipIf(skip)('many cases moved at once are told of completely, each case in its order', async () => {
    await using files = await open();
    await using it = await startHarness(drug, files.url);
    const numbers = await Promise.all(Array.from({ length: 12 }, () => received(it, DRUG_PRODUCTION)));
    const following = follow(it, { count: 36 });
    await Promise.all(
      numbers.map(async (number) => {
        await moved(it, 'startStep', number, { stepCode: 'compliance-review' });
        await moved(it, 'finishStep', number, { stepCode: 'compliance-review', opinion: '符合' });
      }),
    );
    const seen = await following;
    for (const number of numbers)
      expect(seen.filter(({ caseNumber }) => caseNumber === number).map(({ kind }) => kind)).toEqual([
        'RECEIVED',
        'STEP_STARTED',
        'STEP_FINISHED',
      ]);
    expect(await events(it)).toEqual(seen);
  });
});

describe('the feed of a department', () => {
  test('is for the platform, and a cursor is read by the feed that gave it', async () => {
    await using it = await startHarness(drug);
    await using other = await startHarness(knownDepartment('housing'));
    await received(it, DRUG_PRODUCTION);
    const code = (about: Promise<unknown>) =>
      about.then(
        () => 'no error',
        (error) => error.errors?.[0]?.extensions.code ?? error[0]?.extensions?.code,
      );
    expect(await code(follow(it, { count: 1, roles: ['department:drug'] }))).toBe('FORBIDDEN');
    expect(await code(follow(it, { count: 1, roles: [] }))).toBe('UNAUTHENTICATED');
    expect(await code(follow(it, { count: 1, departmentCode: 'housing' }))).toBe('UNKNOWN_DEPARTMENT');
    expect(await code(follow(it, { count: 1, after: 'nonsense' }))).toBe('CURSOR_INVALID');
    const page = (after: string | null, first = 10, roles = ['platform']) =>
      it.ask(
        roles,
        `query ($after: Cursor, $first: Int) { caseEventPage(departmentCode: "drug", after: $after, first: $first) { cursor } }`,
        { after, first },
      );
    const [{ cursor }] = (await page(null)).data.caseEventPage;
    expect((await page(null, 0)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await page(null, 201)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await page(null, 10, ['monitor'])).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const foreign = await other.asPlatform(`{ caseEventPage(departmentCode: "housing", after: "${cursor}") { id } }`);
    expect(foreign.errors?.[0]?.extensions.code).toBe('CURSOR_FOREIGN');
  });
});
