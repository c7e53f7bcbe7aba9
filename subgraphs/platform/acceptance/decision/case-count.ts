import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Day } from '../../../kit/calendar/working-calendar.js';
import type { Store } from '../../../kit/store/open-store.js';
import { caseCounts } from '../store/tables.js';

/** Makes sure that a department's day can be counted. In a transaction of its own, so that counting takes one row lock and no more. */
export async function openCaseCount(store: Store, departmentCode: string, day: Day): Promise<void> {
  await store
    .fork()
    .upsert(caseCounts, { departmentCode, day, last: 0 }, { onConflictAction: 'ignore', onConflictFields: ['departmentCode', 'day'] });
}

/**
 * The next count of a department's day, from 1. It is taken for good when `tx` commits and given back when it does not,
 * and whoever asks meanwhile waits: there is neither a gap nor a repeat.
 */
export async function nextCaseCount(tx: SqlEntityManager, departmentCode: string, day: Day): Promise<number> {
  await tx.execute('update case_count set last = last + 1 where department_code = ? and day = ?', [departmentCode, day], 'run');
  const [row] = await tx.execute<{ last: number | string }[]>('select last from case_count where department_code = ? and day = ?', [
    departmentCode,
    day,
  ]);
  if (row === undefined) throw new Error('this department and day has no count');
  return Number(row.last);
}
