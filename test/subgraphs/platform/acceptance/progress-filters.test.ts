import { describe, expect, test } from 'vitest';
import { caller } from '../../../support/environment.js';
import { openFiles } from '../../../support/stores.js';
import { APPLICANT, WINDOW, World } from './world.js';

describe('progress is filtered before anything is loaded for it', () => {
  test('by department, item, stage, kind, case and applicant', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    for (const code of ['drug', 'transport']) {
      await world.department(code);
      await world.known(code);
    }
    world.declare('drug', { itemCode: 'other' });
    await world.known('drug', 'other');
    const both = caller('person-3', 'applicant', 'window');
    const mine = await world.accepted('drug', APPLICANT);
    const theirs = await world.accepted('transport', caller('person-2', 'applicant'));
    const other = await world.submitted(both, { itemCode: 'other', channel: 'ONLINE' });
    const third: string = (await world.accept(other)).data?.['acceptApplication'].case.number;
    await world.progress(WINDOW, 6, '(from: START)');

    const numbers = async (who: typeof WINDOW, count: number, filter: string) =>
      (await world.progress(who, count, `(from: START, filter: ${filter})`)).map(({ caseNumber, kind }) => [caseNumber, kind]);
    expect(await numbers(WINDOW, 2, '{ departmentCodes: ["transport"] }')).toEqual([
      [theirs, 'ACCEPTED'],
      [theirs, 'RECEIVED'],
    ]);
    expect(await numbers(WINDOW, 2, '{ itemCodes: ["other"] }')).toEqual([
      [third, 'ACCEPTED'],
      [third, 'RECEIVED'],
    ]);
    expect(new Set((await numbers(WINDOW, 3, '{ kinds: [RECEIVED] }')).map(([number]) => number))).toEqual(new Set([mine, theirs, third]));
    expect(await numbers(WINDOW, 1, '{ stages: [ACCEPTED], departmentCodes: ["transport"], kinds: [ACCEPTED, DECIDED] }')).toEqual([
      [theirs, 'ACCEPTED'],
    ]);
    // someone at a window sees everything, and can still ask for what was handed in as an applicant
    expect(await numbers(APPLICANT, 2, '{ mine: true }')).toEqual([
      [mine, 'ACCEPTED'],
      [mine, 'RECEIVED'],
    ]);
  });

  test('and its start can be asked for', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    await world.department('drug');
    await world.known('drug');
    const number = await world.accepted('drug');
    const [accepted] = await world.progress(WINDOW, 1, `(caseNumber: "${number}")`);
    const cursor = async (args: string) => (await world.ask(WINDOW, `{ caseProgressCursor${args} }`)).data?.['caseProgressCursor'];
    const start = await cursor('(from: START)');
    expect(await cursor(`(caseNumber: "${number}")`)).toBe(start);
    expect(await cursor(`(caseNumber: "${number}", from: NOW)`)).not.toBe(start);
    expect((await world.progress(WINDOW, 1, `(after: "${start}")`))[0]).toEqual(accepted);
  });
});
