import type { SqlEntityManager } from '@mikro-orm/sql';
import { caseFigures } from '../store/tables.js';
import { MEASURES, NOTHING } from './contribution.js';
import type { FigureSums } from './figure-sums.js';

/** What each measure is called in the database. */
export const COLUMNS = {
  accepted: 'accepted',
  decided: 'decided',
  approved: 'approved',
  refused: 'refused',
  inPromised: 'in_promised',
  inStatutory: 'in_statutory',
  workingDays: 'working_days',
  promisedDays: 'promised_days',
  statutoryDays: 'statutory_days',
} as const satisfies Record<(typeof MEASURES)[number], string>;

const ADD = `update case_figure set ${MEASURES.map((measure) => `${COLUMNS[measure]} = ${COLUMNS[measure]} + ?`).join(', ')}
  where day = ? and department_code = ? and item_code = ? and channel = ?`;

/** Adds what a transaction changed, in that transaction: the figures are right whenever it is committed, and only then. */
export async function keepFigures(tx: SqlEntityManager, changes: FigureSums): Promise<void> {
  // in one order everywhere, so that two who add to the same rows don't wait for each other
  const { sums } = changes;
  if (sums.length === 0) return;
  const keys = sums.map(({ day, departmentCode, itemCode, channel }) => ({ day, departmentCode, itemCode, channel }));
  await tx.upsertMany(
    caseFigures,
    keys.map((key) => ({ ...key, ...NOTHING })),
    { onConflictAction: 'ignore', onConflictFields: ['day', 'departmentCode', 'itemCode', 'channel'] },
  );
  for (const { day, departmentCode, itemCode, channel, measures } of sums)
    await tx.execute(ADD, [...MEASURES.map((measure) => measures[measure]), day, departmentCode, itemCode, channel], 'run');
}
