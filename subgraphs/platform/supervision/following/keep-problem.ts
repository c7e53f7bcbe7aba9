import { createHash } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { SourceEvent } from '../../../kit/feed/consumer.js';
import type { Append } from '../../../kit/feed/event-feed.js';
import { AlertChanges } from '../alerts/alert-changes.js';
import { keepAlerts } from '../alerts/keep-alerts.js';
import type { Finding } from '../findings/finding.js';
import { problemSubject } from '../store/subjects.js';
import { alerts } from '../store/tables.js';
import type { Supervision } from '../supervision.js';

export const PROBLEM_EVENTS = `subscription CatalogueProblemEvents($after: Cursor) {
  catalogueProblemEvents(after: $after) { id cursor occurredAt settled departmentCode itemCode itemName reason }
}`;

/** The catalogue's CatalogueProblemEvent. */
export interface ProblemEvent extends SourceEvent {
  readonly occurredAt: string;
  readonly settled: boolean;
  readonly departmentCode: string;
  readonly itemCode: string | null;
  readonly itemName: string | null;
  readonly reason: string;
}

/** Characters of the catalogue's reason that are kept. */
const REASON_LIMIT = 500;

/**
 * An item whose guide lacks a part that Art. 11 demands is not listed: the catalogue says why, and supervision tells of it
 * from when it was found until it is settled.
 */
export async function keepProblem(
  tx: SqlEntityManager,
  append: Append,
  event: ProblemEvent,
  { rules, clock }: Pick<Supervision, 'rules' | 'clock'>,
): Promise<void> {
  const { departmentCode, reason, settled } = event;
  const at = new Date(event.occurredAt);
  const itemCode = event.itemCode?.slice(0, 64) ?? null;
  const digest = createHash('sha256')
    .update(JSON.stringify([event.itemCode, reason]))
    .digest('hex')
    .slice(0, 16);
  const subject = problemSubject(departmentCode, digest);
  const changes = new AlertChanges(tx, clock());
  const before = await tx.find(alerts, { subject }, { disableIdentityMap: true });
  const findings = before.map(
    ({ occurrence, arisenAt, overAt }): Finding => ({
      rule: 'GUIDE_MISSING',
      occurrence,
      at: arisenAt,
      over: overAt ?? (settled ? at : null),
    }),
  );
  if (!settled && findings.every(({ over }) => over !== null)) {
    const detail = { itemName: event.itemName?.slice(0, 200) ?? '', reason: Array.from(reason).slice(0, REASON_LIMIT).join('') };
    findings.push({ rule: 'GUIDE_MISSING', occurrence: at.toISOString(), at, over: null, detail });
  }
  await keepAlerts({ tx, changes, rules }, [{ subject, departmentCode, itemCode, caseNumber: null, findings }]);
  await changes.flush(append);
}
