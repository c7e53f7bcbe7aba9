import { createHash } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { SupervisionRules } from '../configuration/supervision-rules.js';
import type { Finding } from '../findings/finding.js';
import { keyOf } from '../findings/findings-of.js';
import { type AlertRow, alerts } from '../store/tables.js';
import type { AlertChanges } from './alert-changes.js';
import { alertId } from './alert-id.js';
import { placeOf } from './place.js';

/** What was found about one subject, all of it. */
export interface Judgement {
  readonly subject: string;
  readonly departmentCode: string;
  readonly itemCode: string | null;
  readonly caseNumber: string | null;
  readonly findings: readonly Finding[];
  /** Until when everything that happened is known; now when left out. What arises after it is raised later. */
  readonly asOf?: Date;
}

export interface KeepingAlerts {
  readonly tx: SqlEntityManager;
  readonly changes: AlertChanges;
  readonly rules: SupervisionRules;
}

/**
 * Makes the alerts of some subjects what was found about them: raises those that have arisen, marks those that have ended,
 * lets reminders lapse that are over, and clears what turned out not to be so. Done again it changes nothing. Whatever
 * people did with an alert stays.
 */
export async function keepAlerts({ tx, changes, rules }: KeepingAlerts, judgements: readonly Judgement[]): Promise<void> {
  if (judgements.length === 0) return;
  const subjects = judgements.map(({ subject }) => subject);
  const rows = await tx.find(alerts, { subject: { $in: subjects } }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const known = Map.groupBy(rows, ({ subject }) => subject);
  for (const judgement of judgements) keepOf(judgement, known.get(judgement.subject) ?? [], { tx, changes, rules });
}

function keepOf(judgement: Judgement, rows: readonly AlertRow[], { tx, changes, rules }: KeepingAlerts): void {
  const { now } = changes;
  const found = new Map<string, Finding>();
  for (const finding of judgement.findings) {
    if (finding.at > now || rules.off.includes(finding.rule)) continue;
    const kept = { ...finding, occurrence: keptOccurrence(finding.occurrence) };
    found.set(keyOf(kept), kept);
  }
  for (const row of rows) {
    const finding = found.get(keyOf(row));
    found.delete(keyOf(row));
    if (finding === undefined) {
      if (row.inHand) changes.move(row, { kind: 'CLEARED', to: 'CLEARED' });
      continue;
    }
    row.caseNumber ??= judgement.caseNumber;
    row.arisenAt = finding.at;
    if (row.state === 'CLEARED') changes.move(row, { kind: 'RAISED', to: 'OPEN' });
    end(row, finding, changes);
  }
  for (const finding of found.values())
    if (finding.at <= (judgement.asOf ?? now)) end(raise(judgement, finding, { tx, changes, rules }), finding, changes);
}

/** An occurrence has in it what departments tell: one that is longer than the column is kept as its SHA-256. */
function keptOccurrence(occurrence: string): string {
  return occurrence.length <= LONGEST_OCCURRENCE ? occurrence : createHash('sha256').update(occurrence).digest('hex');
}

const LONGEST_OCCURRENCE = 80;

function raise(judgement: Judgement, finding: Finding, { tx, changes, rules }: KeepingAlerts): AlertRow {
  const { subject, departmentCode, itemCode, caseNumber } = judgement;
  const { rule, occurrence, at, dueAt, detail } = finding;
  const level = rules.levels[rule];
  const row = tx.create(alerts, {
    id: alertId(subject, finding),
    subject,
    rule,
    occurrence,
    level,
    state: 'OPEN',
    inHand: true,
    place: placeOf(level, dueAt ?? at),
    departmentCode,
    itemCode,
    caseNumber,
    arisenAt: at,
    raisedAt: changes.now,
    dueAt: dueAt ?? null,
    overAt: null,
    orderDueAt: null,
    detail: { ...detail },
    moveCount: 0,
  });
  changes.count(row, 1);
  changes.move(row, { kind: 'RAISED', to: 'OPEN' });
  return row;
}

/** What has ended has ended in time or late; a reminder of it is of no use to anybody, anything else is still to be handled. */
function end(row: AlertRow, { over, rule }: Finding, changes: AlertChanges): void {
  const ended = over !== null && over <= changes.now ? over : null;
  const before = row.overAt ?? null;
  row.overAt = ended;
  if (ended === null || before !== null || !row.inHand) return;
  const lapses = rule === 'LIMIT_NEAR' && (row.state === 'OPEN' || row.state === 'ACKNOWLEDGED');
  changes.move(row, lapses ? { kind: 'LAPSED', to: 'LAPSED' } : { kind: 'ENDED', to: row.state });
}
