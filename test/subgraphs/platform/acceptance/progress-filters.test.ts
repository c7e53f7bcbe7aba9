import { describe, expect, test, vi } from 'vitest';
import { caller } from '../../../support/environment.js';
import { openFiles } from '../../../support/stores.js';
import { APPLICANT, WAITING, WINDOW, World } from './world.js';

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

  test('and lies at the oldest event once older ones are no longer kept', async () => {
    await using files = await openFiles();
    let now = new Date('2026-11-24T01:00:00Z');
    await using world = await World.open(files.url, { clock: () => now, feedRetention: { days: 1 } });
    await world.start();
    await world.department('drug');
    await world.known('drug');
    const old = await world.accepted('drug');
    const [accepted] = await world.progress(WINDOW, 2, `(caseNumber: "${old}")`);
    // what the retention has noted of the past is noted when it starts
    const restart = async () => {
      await world.acceptance[Symbol.asyncDispose]();
      await world.start();
    };
    await restart();
    now = new Date(now.getTime() + 86_400_000);
    await restart();
    const young = await world.accepted('drug');
    const kept = async (args: string, count: number) =>
      (await world.progress(WINDOW, count, args)).map(({ caseNumber, kind }) => [caseNumber, kind]);
    await vi.waitFor(
      async () =>
        expect(await kept('(from: START)', 2)).toEqual([
          [young, 'ACCEPTED'],
          [young, 'RECEIVED'],
        ]),
      WAITING,
    );
    const refused = await world.progress(WINDOW, 1, `(after: "${accepted?.['cursor']}")`).catch(String);
    expect(refused).toContain('CURSOR_EXPIRED');
    expect(refused).toContain('oldest');
    // the case itself has lost nothing but the places
    const timeline = (await world.ask(WINDOW, `{ case(number: "${old}") { timeline { kind cursor } } }`)).data?.['case'].timeline;
    expect(timeline).toEqual([
      { kind: 'ACCEPTED', cursor: null },
      { kind: 'RECEIVED', cursor: null },
    ]);
  });
});
