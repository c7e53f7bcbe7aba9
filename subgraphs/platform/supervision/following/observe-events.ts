import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { keepNotice } from '../../../kit/calendar/calendar-book.js';
import type { Append } from '../../../kit/feed/event-feed.js';
import { AlertChanges } from '../alerts/alert-changes.js';
import { keepAlerts } from '../alerts/keep-alerts.js';
import { storedFact } from '../facts/case-fact.js';
import { factOfEvent, type LedgerEvent, UNKNOWN_CASE } from '../facts/ledger-event.js';
import { applicationSubject, numberSubject } from '../store/subjects.js';
import { type SupervisedCaseRow, supervisedCases } from '../store/tables.js';
import type { Supervision } from '../supervision.js';
import { judgeCases } from './judge-cases.js';

/** Events kept of one case. A department that tells more says nothing that could not be told in these. */
export const MOST_FACTS = 1_000;

/**
 * Takes over events of the ledger in the caller's transaction: what they say, what is found because of it, and what they
 * add to the figures. In which pieces they come makes no difference, and one that was there before changes nothing.
 */
export async function observeEvents(
  tx: SqlEntityManager,
  append: Append,
  events: readonly LedgerEvent[],
  supervision: Pick<Supervision, 'rules' | 'calendar' | 'clock'>,
): Promise<void> {
  const changes = new AlertChanges(tx, supervision.clock());
  for (const event of events) if (event.calendarNotice !== null) await loadNotice(tx, event.calendarNotice, changes.now);
  await judgeCases(tx, changes, await keepFacts(tx, events), supervision, readUntil(events, changes.now));
  const unknown = events.filter(({ kind, caseNumber }) => kind === UNKNOWN_CASE && caseNumber !== null);
  await reportUnknown(tx, changes, unknown, supervision);
  await changes.flush(append);
}

/** Until when the ledger has been read: its events come in the order in which it learnt of things. */
function readUntil(events: readonly LedgerEvent[], now: Date): Date {
  const last = Math.max(...events.map(({ recordedAt }) => Date.parse(recordedAt)));
  return last < now.getTime() ? new Date(last) : now;
}

/** @returns the cases that something was learnt of */
async function keepFacts(tx: SqlEntityManager, events: readonly LedgerEvent[]): Promise<SupervisedCaseRow[]> {
  const told = events.filter((event): event is LedgerEvent & { applicationId: string } => event.applicationId !== null);
  if (told.length === 0) return [];
  const ids = [...new Set(told.map(({ applicationId }) => applicationSubject(applicationId)))];
  const found = await tx.find(supervisedCases, { id: { $in: ids } }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } });
  const rows = new Map(found.map((row) => [row.id, row]));
  const touched = new Set<SupervisedCaseRow>();
  for (const event of told) {
    const id = applicationSubject(event.applicationId);
    const row = rows.get(id) ?? begin(tx, id, event);
    rows.set(id, row);
    if (row.facts.length >= MOST_FACTS || row.facts.some((fact) => fact.id === event.id)) continue;
    row.facts = [...row.facts, storedFact(factOfEvent(event))];
    row.itemCode ??= event.itemCode;
    row.caseNumber ??= event.caseNumber;
    row.channel ??= event.channel;
    row.promisedDays = event.promisedDays ?? row.promisedDays ?? null;
    row.statutoryDays = event.statutoryDays ?? row.statutoryDays ?? null;
    touched.add(row);
  }
  return [...touched];
}

function begin(tx: SqlEntityManager, id: string, { departmentCode, itemCode, caseNumber, channel }: LedgerEvent): SupervisedCaseRow {
  return tx.create(supervisedCases, {
    id,
    departmentCode,
    itemCode,
    caseNumber,
    channel,
    promisedDays: null,
    statutoryDays: null,
    facts: [],
    contributions: [],
    nextCheckAt: null,
    pending: false,
  });
}

/**
 * A department works on a case, or has decided one, under a number that the ledger never gave (体外循环, Art. 37). It is
 * found once for each number, when it first becomes known.
 */
async function reportUnknown(
  tx: SqlEntityManager,
  changes: AlertChanges,
  events: readonly LedgerEvent[],
  { rules }: Pick<Supervision, 'rules'>,
): Promise<void> {
  const firsts = new Map<string, LedgerEvent>();
  for (const event of events) {
    const subject = numberSubject(event.departmentCode, event.caseNumber as string);
    if (!firsts.has(subject)) firsts.set(subject, event);
  }
  const judgements = Array.from(firsts, ([subject, { departmentCode, caseNumber, occurredAt }]) => ({
    subject,
    departmentCode,
    itemCode: null,
    caseNumber,
    findings: [{ rule: 'OUTSIDE_PLATFORM' as const, occurrence: '', at: new Date(occurredAt), over: null }],
  }));
  await keepAlerts({ tx, changes, rules }, judgements);
}

/** Whatever was dated without the notice, or by another one, is looked at again by the timers. */
async function loadNotice(tx: SqlEntityManager, notice: NonNullable<LedgerEvent['calendarNotice']>, now: Date): Promise<void> {
  await keepNotice(tx, notice, now);
  await tx.flush();
  await tx.nativeUpdate(supervisedCases, { $or: [{ pending: true }, { nextCheckAt: { $ne: null } }] }, { nextCheckAt: now });
}
