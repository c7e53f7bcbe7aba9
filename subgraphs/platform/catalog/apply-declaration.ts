import type { SqlEntityManager } from '@mikro-orm/sql';
import type { EventFeed, NewEvent } from '../../kit/feed/event-feed.js';
import { transaction } from '../../kit/store/transaction.js';
import { type Declaration, type DeclarationProblem, withoutTwins } from './declaration.js';
import { type ItemChange, itemChanges } from './item-changes.js';
import { searchable } from './item-search.js';
import { catalogueProblems, knownDepartments, serviceItems } from './tables.js';
import { ItemEventKind } from './types/item-event-kind.js';
import { PROBLEM_FOUND, PROBLEM_SETTLED } from './types/problem-event-kind.js';

/** What a refresh changed, in numbers. */
export interface RefreshResult {
  readonly declared: number;
  readonly changed: number;
  readonly retired: number;
  readonly problems: number;
}

/** The department as it was when it was asked. */
export interface AskedDepartment {
  readonly code: string;
  readonly revision: number;
}

/**
 * Takes a declaration over: rows, problems and events in one transaction.
 * @returns undefined, with nothing changed, when another answer or another registration came first.
 */
export async function applyDeclaration(
  feed: EventFeed,
  { code, revision }: AskedDepartment,
  answer: Declaration,
  now: Date,
): Promise<RefreshResult | undefined> {
  return feed.transaction(feed.store.fork(), async (tx, append) => {
    const taken = await tx.nativeUpdate(knownDepartments, { code, revision }, { revision: revision + 1, refreshedAt: now });
    if (taken !== 1) return undefined;
    const rows = await tx.find(serviceItems, { departmentCode: code });
    const declaration = withoutTwins(
      rows.map((row) => row.code),
      answer,
    );
    const changes = itemChanges(rows, declaration);
    const known = new Map(rows.map((row) => [row.code, row]));
    for (const { code: item, facts } of changes) {
      const row = known.get(item);
      const content = { ...facts, searchText: searchable(facts.name), changedAt: now };
      if (row === undefined) tx.create(serviceItems, { departmentCode: code, code: item, declaredAt: now, ...content });
      else tx.assign(row, content);
    }
    await append(...changes.map((change) => eventOf(code, change, now)));
    await append(...(await replaceProblems(tx, code, declaration.problems, now)));
    const count = (kind: ItemEventKind) => changes.filter((change) => change.kind === kind).length;
    return {
      declared: count(ItemEventKind.DECLARED),
      changed: count(ItemEventKind.CHANGED),
      retired: count(ItemEventKind.RETIRED),
      problems: declaration.problems.length,
    };
  });
}

/** Records that a department can't be asked; what it declared before stands. */
export async function recordUnreachable(feed: EventFeed, code: string, reason: string, now: Date): Promise<void> {
  await transaction(feed.store.fork(), async (tx) => {
    const row = await tx.findOne(catalogueProblems, { departmentCode: code, ordinal: 0 });
    if (row === null)
      tx.create(catalogueProblems, { departmentCode: code, ordinal: 0, itemCode: null, itemName: null, reason, since: now });
    else if (row.reason !== reason) tx.assign(row, { reason });
  });
}

/** A problem that was there before keeps the time since when. @returns what is to be told: those that are new, and those that are gone */
async function replaceProblems(
  tx: SqlEntityManager,
  departmentCode: string,
  problems: readonly DeclarationProblem[],
  now: Date,
): Promise<NewEvent[]> {
  const before = await tx.find(catalogueProblems, { departmentCode }, { disableIdentityMap: true });
  if (before.length === 0 && problems.length === 0) return [];
  const since = new Map(before.map((row) => [problemKey(row), row.since]));
  await tx.nativeDelete(catalogueProblems, { departmentCode });
  for (const [index, problem] of problems.entries()) {
    const found = since.get(problemKey(problem));
    tx.create(catalogueProblems, { departmentCode, ordinal: index + 1, ...problem, since: found ?? now });
  }
  const stays = new Set(problems.map(problemKey));
  // whether the department answers is no matter of its guides
  const gone = before.filter((row) => row.ordinal !== 0 && !stays.has(problemKey(row)));
  const fresh = problems.filter((problem) => !since.has(problemKey(problem)));
  return [
    ...gone.map((problem) => problemEvent(PROBLEM_SETTLED, departmentCode, problem, now)),
    ...fresh.map((problem) => problemEvent(PROBLEM_FOUND, departmentCode, problem, now)),
  ];
}

/** A problem as it is told, or as a row keeps it. */
interface ToldProblem {
  readonly itemCode?: string | null | undefined;
  readonly itemName?: string | null | undefined;
  readonly reason: string;
}

function problemKey({ itemCode, reason }: ToldProblem): string {
  return JSON.stringify([itemCode ?? null, reason]);
}

function problemEvent(kind: string, departmentCode: string, { itemCode, itemName, reason }: ToldProblem, now: Date): NewEvent {
  // what a department sent may be half a character, which no JSON column takes
  const text = (value: string | null | undefined) => value?.toWellFormed() ?? null;
  const payload = { itemCode: text(itemCode), itemName: text(itemName), reason: reason.toWellFormed() };
  return { kind, scope: departmentCode, subject: text(itemCode) ?? '-', payload, occurredAt: now };
}

function eventOf(departmentCode: string, { kind, code, facts }: ItemChange, now: Date): NewEvent {
  const { content, kind: itemKind, ...rest } = facts;
  return { kind, scope: departmentCode, subject: code, payload: { ...rest, itemKind, ...content }, occurredAt: now };
}
