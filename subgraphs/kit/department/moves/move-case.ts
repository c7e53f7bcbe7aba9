import type { SqlEntityManager } from '@mikro-orm/sql';
import { CataloguedError } from '../../errors/catalogued-error.js';
import { type CaseNews, newCaseEvent } from '../case-event.js';
import { readCaseFile, type StoredCaseFile } from '../case-file.js';
import { clearCase } from '../case-loaders.js';
import type { DepartmentItem } from '../definition.js';
import { type DepartmentContext, requireOfficer } from '../department-context.js';
import { type CaseRow, cases } from '../store.js';
import type { Case } from '../types/case.js';

/** One lawful change of a case: checks the rules, changes rows by `tx` only, and says what to tell the platform. */
export type Move = (file: StoredCaseFile, made: MoveMade) => CaseNews;

export interface MoveMade {
  readonly tx: SqlEntityManager;
  /** Who makes it: the caller's subject. */
  readonly officer: string;
  readonly at: Date;
}

/** The case a move is about. */
export interface MovedCase {
  readonly departmentCode: string;
  readonly caseNumber: string;
}

/**
 * Makes one move on a case: the change and its event in one transaction, or neither. Of two officers who moved the case
 * as both had read it, the first is heard.
 * @throws CataloguedError UNAUTHENTICATED, FORBIDDEN, UNKNOWN_DEPARTMENT, CASE_NOT_FOUND, CONFLICT, and what the move's rules throw
 */
export async function moveCase(context: DepartmentContext, { departmentCode, caseNumber }: MovedCase, move: Move): Promise<Case> {
  const { record, item } = await caseForOfficer(context, departmentCode, caseNumber);
  const made = { officer: context.caller.subject, at: context.clock() };
  await context.feed.transaction(context.em, async (tx, append) => {
    await claim(tx, record);
    const news = move(await readCaseFile(tx, record, item), { ...made, tx });
    await append(newCaseEvent(departmentCode, caseNumber, news, made.at));
  });
  clearCase(context.loaders, caseNumber);
  return { number: caseNumber, departmentCode, receivedAt: record.receivedAt };
}

/** A case of this department and its item, for one of its officers; extensions' own mutations begin with it. */
export async function caseForOfficer(
  context: DepartmentContext,
  departmentCode: string,
  caseNumber: string,
): Promise<{ record: CaseRow; item: DepartmentItem }> {
  requireOfficer(context, departmentCode);
  const record = await context.loaders.cases.load(caseNumber);
  if (record === null) throw new CataloguedError('CASE_NOT_FOUND', `${context.department.code} has no case with that number`);
  const item = context.items.get(record.itemCode);
  if (item === undefined) throw new CataloguedError('UNKNOWN_ITEM', 'the item of this case is no longer defined');
  return { record, item };
}

/**
 * Raises the case's version if it is still the one that was read. It comes first in the transaction: the row's lock
 * makes a second mover wait here, before it has read anything else, and then finds the version changed.
 * @throws CataloguedError CONFLICT
 */
async function claim(tx: SqlEntityManager, { number, version }: CaseRow): Promise<void> {
  const claimed = await tx.nativeUpdate(cases, { number, version }, { version: version + 1 });
  if (claimed === 1) return;
  throw new CataloguedError('CONFLICT', 'somebody else moved this case meanwhile; read it again');
}
