import type { SqlEntityManager } from '@mikro-orm/sql';

const OPEN = 'case_number in (select number from accepted_case where department_code = ? and closed_at is null)';

/** Cases of a department that it was handed and that are not closed: what it has to know to go on. */
export async function handedOverOpen(em: SqlEntityManager, departmentCode: string): Promise<number> {
  const [row] = await em.execute<{ n: number | string }[]>(
    `select count(*) as n from dispatch where department_code = ? and state = 'DELIVERED' and ${OPEN}`,
    [departmentCode, departmentCode],
  );
  return Number(row?.n ?? 0);
}

/**
 * Has all of them handed over again. A department takes a case that it has by its number, and changes nothing; one that
 * its store lost comes back to it.
 */
export async function handOverAgain(tx: SqlEntityManager, departmentCode: string): Promise<number> {
  const { affectedRows } = await tx.execute<{ affectedRows: number }>(
    `update dispatch set state = 'PENDING', attempts = 0, next_attempt_at = ?, claimed_by = null, last_error_code = null where department_code = ? and state = 'DELIVERED' and ${OPEN}`,
    [Date.now(), departmentCode, departmentCode],
    'run',
  );
  return affectedRows;
}
