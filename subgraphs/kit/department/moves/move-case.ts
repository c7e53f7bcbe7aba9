import type { SqlEntityManager } from '@mikro-orm/sql';
import { CataloguedError } from '../../errors/catalogued-error.js';
import type { Append } from '../../feed/event-feed.js';
import { type CaseNews, newCaseEvent } from '../case-event.js';
import { readCaseFile, type StoredCaseFile } from '../case-file.js';
import { clearCase } from '../case-loaders.js';
import { type MoveName, stateOf } from '../case-machine.js';
import { type DepartmentContext, requireOfficer } from '../department-context.js';
import { itemAllows } from '../rules/moves-of-the-item.js';
import { type CaseRow, cases } from '../store.js';
import type { Case } from '../types/case.js';

/** A change of a case: checks the rules, and changes rows by `made.tx` only. */
export type Change<T> = (file: StoredCaseFile, made: ChangeMade) => T | Promise<T>;

/** A change that the contract names; it says what to tell the platform. */
export type Move = Change<CaseNews>;

export interface ChangeMade {
  readonly tx: SqlEntityManager;
  /** Who makes it: the caller's subject. */
  readonly officer: string;
  readonly at: Date;
}

/** The case a change is about. */
export interface ChangedCase {
  readonly departmentCode: string;
  readonly caseNumber: string;
}

/**
 * Makes one of the contract's moves: the change and its event in one transaction, or neither. Of two officers who move
 * a case as both have read it, the first is heard.
 * @throws CataloguedError UNAUTHENTICATED, FORBIDDEN, UNKNOWN_DEPARTMENT, CASE_NOT_FOUND, CONFLICT, MOVE_NOT_ALLOWED, and what the move's rules
 * throw
 */
export async function moveCase(context: DepartmentContext, of: ChangedCase, name: MoveName, move: Move): Promise<Case> {
  const { departmentCode, caseNumber } = of;
  const record = await change(context, of, async (file, made, append) => {
    const state = stateOf(file);
    const news = await move(file, made);
    // after the rules, which say more precisely what is wrong; whatever the move wrote goes with the transaction
    const to = stateOf(await readCaseFile(made.tx, file.record, file.item));
    itemAllows(file.item.machine, { from: state, to, move: name }, departmentCode, context.caller);
    await append(newCaseEvent(departmentCode, caseNumber, news, made.at));
    return file.record;
  });
  return { number: caseNumber, departmentCode, receivedAt: record.receivedAt };
}

/**
 * Changes what a department keeps of a case beyond the contract, for its own mutations: guarded and locked as moves are,
 * but of no concern to the platform, so no event is written.
 * @throws CataloguedError UNAUTHENTICATED, FORBIDDEN, CASE_NOT_FOUND, CONFLICT, and what `work` throws
 */
export function changeOwnRows<T>(context: DepartmentContext, caseNumber: string, work: Change<T>): Promise<T> {
  return change(context, { departmentCode: context.department.code, caseNumber }, (file, made) => work(file, made));
}

async function change<T>(
  context: DepartmentContext,
  { departmentCode, caseNumber }: ChangedCase,
  work: (file: StoredCaseFile, made: ChangeMade, append: Append) => T | Promise<T>,
): Promise<T> {
  requireOfficer(context, departmentCode);
  const record = await context.loaders.cases.load(caseNumber);
  if (record === null) throw new CataloguedError('CASE_NOT_FOUND', `${departmentCode} has no case with that number`);
  const item = context.items.get(record.itemCode);
  if (item === undefined) throw new CataloguedError('UNKNOWN_ITEM', 'the item of this case is no longer defined');
  const made = { officer: context.caller.subject, at: context.clock() };
  try {
    return await context.feed.transaction(context.em, async (tx, append) => {
      await claim(tx, record);
      return work(await readCaseFile(tx, record, item), { ...made, tx }, append);
    });
  } finally {
    // whoever won: what was loaded before may be stale now
    clearCase(context.loaders, caseNumber);
  }
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
