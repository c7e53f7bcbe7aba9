import type { SqlEntityManager } from '@mikro-orm/sql';
import type { AlertChanges } from '../alerts/alert-changes.js';
import { type Judgement, keepAlerts } from '../alerts/keep-alerts.js';
import { factOf } from '../facts/case-fact.js';
import type { ItemHistory } from '../facts/item-history.js';
import { contributionsOf } from '../figures/contribution.js';
import { figureKeyOf } from '../figures/figure-key.js';
import { FigureSums } from '../figures/figure-sums.js';
import { keepFigures } from '../figures/keep-figures.js';
import { findingsOf, nextCheck } from '../findings/findings-of.js';
import { type SupervisedCaseRow, supervisedItems } from '../store/tables.js';
import type { Supervision } from '../supervision.js';

/**
 * Judges cases as they stand, in the transaction that holds their rows: their alerts, what they add to the figures, and
 * when they are next to be looked at.
 * @param asOf until when everything that happened is known: what would arise after it may yet be prevented by an event
 * that is still to be read, and is left to the timers
 */
export async function judgeCases(
  tx: SqlEntityManager,
  changes: AlertChanges,
  rows: readonly SupervisedCaseRow[],
  { rules, calendar: calendars }: Pick<Supervision, 'rules' | 'calendar'>,
  asOf = changes.now,
): Promise<void> {
  if (rows.length === 0) return;
  const calendar = await calendars.in(tx);
  const histories = await historiesOf(tx, rows);
  const figures = new FigureSums();
  const judgements = rows.map((row): Judgement => {
    const { promisedDays = null, statutoryDays = null, departmentCode, itemCode = null, caseNumber = null } = row;
    const life = { facts: row.facts.map(factOf), promisedDays, statutoryDays };
    const item = histories.get(itemKey(departmentCode, itemCode)) ?? [];
    const { findings, pending } = findingsOf(life, { calendar, thresholds: rules.thresholds, item }, rules.off);
    const contributions = contributionsOf(life, figureKeyOf(row), calendar);
    if (JSON.stringify(contributions) !== JSON.stringify(row.contributions)) {
      figures.add(row.contributions, -1).add(contributions);
      row.contributions = contributions;
    }
    row.nextCheckAt = nextCheck(findings, asOf) ?? null;
    row.pending = pending;
    return { subject: row.id, departmentCode, itemCode, caseNumber, findings, asOf };
  });
  await keepAlerts({ tx, changes, rules }, judgements);
  await tx.flush();
  await keepFigures(tx, figures);
}

async function historiesOf(tx: SqlEntityManager, rows: readonly SupervisedCaseRow[]): Promise<Map<string, ItemHistory>> {
  const codes = Map.groupBy(rows, ({ departmentCode }) => departmentCode);
  const wanted = [...codes].map(([departmentCode, ofIt]) => ({
    departmentCode,
    code: { $in: [...new Set(ofIt.flatMap(({ itemCode }) => (itemCode == null ? [] : [itemCode])))] },
  }));
  if (wanted.length === 0) return new Map();
  const found = await tx.find(supervisedItems, { $or: wanted }, { disableIdentityMap: true });
  return new Map(found.map(({ departmentCode, code, history }) => [itemKey(departmentCode, code), history]));
}

const itemKey = (departmentCode: string, itemCode: string | null) => `${departmentCode} ${itemCode}`;
