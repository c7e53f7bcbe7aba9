import type { SqlEntityManager } from '@mikro-orm/sql';
import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import { factOf } from '../facts/case-fact.js';
import { supervisedCases } from '../store/tables.js';
import { contributionsOf } from './contribution.js';
import { figureKeyOf } from './figure-key.js';
import { FigureSums } from './figure-sums.js';

/** Cases read at once. */
const PAGE = 1_000;

/** The figures counted anew from the events of every case, to be compared with those that were kept. */
export async function recount(em: SqlEntityManager, calendar: WorkingCalendar): Promise<FigureSums> {
  const sums = new FigureSums();
  for (let after = ''; ; ) {
    const rows = await em.find(supervisedCases, { id: { $gt: after } }, { orderBy: { id: 'asc' }, limit: PAGE, disableIdentityMap: true });
    for (const row of rows) {
      const { promisedDays = null, statutoryDays = null } = row;
      sums.add(contributionsOf({ facts: row.facts.map(factOf), promisedDays, statutoryDays }, figureKeyOf(row), calendar));
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return sums;
    after = last.id;
  }
}
