import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_RULES, readSupervisionRules } from '../../../../subgraphs/platform/supervision/configuration/supervision-rules.js';
import { alerts } from '../../../../subgraphs/platform/supervision/store/tables.js';
import { openFiles, type TestStore } from '../../../support/stores.js';
import { china } from './lives.js';
import { ledgerEvent, type Script } from './simulation/script.js';
import { Supervised } from './simulation/supervised.js';

let files: TestStore;
const settings = async (content: string) => {
  const file = join(files.url.slice('file:'.length), 'rules.json');
  await writeFile(file, content);
  return file;
};
beforeAll(async () => {
  files = await openFiles();
});
afterAll(() => files[Symbol.asyncDispose]());

describe('the rules of supervision, as configured', () => {
  test('are the documented ones without a file, and differ from them only where a file says so', async () => {
    expect(await readSupervisionRules(undefined)).toBe(DEFAULT_RULES);
    const read = await readSupervisionRules(
      await settings('{"thresholds": {"stalledDays": 10}, "levels": {"STALLED": "REMIND"}, "off": ["STEP_OVERDUE"]}'),
    );
    expect(read).toEqual({
      thresholds: { ...DEFAULT_RULES.thresholds, stalledDays: 10 },
      levels: { ...DEFAULT_RULES.levels, STALLED: 'REMIND' },
      off: ['STEP_OVERDUE'],
    });
  });

  test.each([
    ['no JSON', 'not readable as JSON'],
    ['{"threshold": {}}', 'threshold'],
    ['{"thresholds": {"stalledDays": 0}}', 'stalledDays'],
    ['{"levels": {"STALLED": "BLUE"}}', 'STALLED'],
    ['{"off": ["NOTHING"]}', 'off'],
  ])('%s is refused, naming the fault', async (content, fault) => {
    const file = await settings(content);
    await expect(readSupervisionRules(file)).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining(fault),
    });
  });

  test('decide what is raised, when, and how grave it is', async () => {
    const rules = await readSupervisionRules(
      await settings('{"thresholds": {"stalledDays": 2}, "levels": {"STALLED": "RED"}, "off": ["PROMISED_OVERDUE", "LIMIT_NEAR"]}'),
    );
    await using supervised = await Supervised.open('memory:', { now: china('2026-03-12 12:00') }, rules);
    const happened = (kind: string, at: string) => ({
      kind,
      at: china(at).getTime(),
      told: 0,
      recordedAt: china(at).getTime(),
      details: {},
    });
    const life = {
      n: 1,
      applicationId: 'a',
      caseNumber: 'c',
      departmentCode: 'drug',
      itemCode: 'middle',
      channel: 'ONLINE',
      promisedDays: 5,
      statutoryDays: 20,
      reviewDays: 3,
      events: [happened('ACCEPTED', '2026-03-02 10:00'), happened('RECEIVED', '2026-03-02 10:01')],
    } satisfies Script;
    await supervised.observe([ledgerEvent(life, 0), ledgerEvent(life, 1)]);
    await supervised.settle();
    const rows = await supervised.supervision.store.fork().find(alerts, {});
    expect(rows.map(({ rule, level, arisenAt }) => [rule, level, arisenAt])).toEqual([['STALLED', 'RED', china('2026-03-05 00:00')]]);
  });
});
