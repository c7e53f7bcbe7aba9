import type { SqlEntityManager } from '@mikro-orm/sql';
import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import { DELIVERY_DAYS, NOTICE_DAYS } from '../../../kit/clocks/clocks-of.js';
import type { FeedEvent } from '../../../kit/feed/event-feed.js';
import { receivedAt } from '../application/append-application-event.js';
import { dueSort } from '../decision/due-sort.js';
import { isCaseEvent } from '../ledger-events/kinds.js';
import { dueAt } from '../rules/due-dates.js';
import {
  type ApplicationRow,
  applications,
  type CaseRow,
  cases,
  type InboxRow,
  inboxCounts,
  inboxEntries,
  items,
  progress,
} from '../store/tables.js';
import type { InboxKind } from '../types/enums.js';
import { applicantAudience, departmentAudience, WINDOWS } from './audiences.js';
import { nextStep } from './next-step.js';

type Waiting = Omit<InboxRow, symbol>;

/** What an inbox needs of them, without what is sealed: the key of one row holds up nobody's inbox. */
const OF_APPLICATION = ['id', 'departmentCode', 'itemCode', 'caseNumber', 'applicantSubject', 'receivedAt', 'submittedAt'] as const;
const OF_CASE = ['number', 'applicationId', 'departmentCode', 'itemCode', 'acceptedAt', 'decidedAt', 'closedAt', 'promisedDueAt'] as const;
type WaitingApplication = Pick<ApplicationRow, (typeof OF_APPLICATION)[number]>;
type WaitingCase = Pick<CaseRow, (typeof OF_CASE)[number]>;

const WAITS_FOR_WINDOW: readonly string[] = ['APPLICATION_SUBMITTED', 'APPLICATION_CORRECTED'];
const STEPS = ['STEP_STARTED', 'STEP_FINISHED'] as const;

/** Before there were events of applications: those that wait for a window have to be found where they are. */
export async function beginInbox(tx: SqlEntityManager, calendar: WorkingCalendar): Promise<void> {
  const waiting = await tx.find(applications, { state: 'SUBMITTED' }, { fields: OF_APPLICATION, disableIdentityMap: true });
  await replace(
    tx,
    [],
    waiting.map((row) => applicationForWindow(row, receivedAt(row), calendar)),
  );
}

/** Brings the inboxes up to what events say has happened, by what the ledger knows now of whatever they are about. */
export async function projectInbox(tx: SqlEntityManager, events: readonly FeedEvent[], calendar: WorkingCalendar): Promise<void> {
  const lastOfApplication = new Map(events.filter(({ kind }) => kind.startsWith('APPLICATION_')).map((event) => [event.subject, event]));
  const numbers = [...new Set(events.filter(isCaseEvent).map(({ subject }) => subject))];
  const rows: WaitingCase[] = await tx.find(cases, { number: { $in: numbers } }, { fields: OF_CASE, disableIdentityMap: true });
  const handedIn: WaitingApplication[] = await tx.find(
    applications,
    { id: { $in: [...lastOfApplication.keys()] } },
    { fields: OF_APPLICATION, disableIdentityMap: true },
  );
  const wanted: Waiting[] = await casesToHandle(tx, rows, calendar);
  for (const row of handedIn) {
    const event = lastOfApplication.get(row.id);
    if (event === undefined || row.caseNumber != null) continue;
    if (WAITS_FOR_WINDOW.includes(event.kind)) wanted.push(applicationForWindow(row, event.occurredAt, calendar));
    else if (event.kind === 'APPLICATION_NOTICE_GIVEN' && row.applicantSubject != null)
      wanted.push(noticeToAnswer(row, row.applicantSubject, event.occurredAt));
  }
  // a case is what its application became, so nothing waits as an application any more
  const touched = [
    ...rows.flatMap(({ number, applicationId }) => [caseId(number), applicationEntry(applicationId)]),
    ...handedIn.map(({ id }) => applicationEntry(id)),
  ];
  await replace(tx, touched, wanted);
}

async function casesToHandle(tx: SqlEntityManager, rows: readonly WaitingCase[], calendar: WorkingCalendar): Promise<Waiting[]> {
  const open = rows.filter(({ closedAt }) => closedAt == null);
  if (open.length === 0) return [];
  const numbers = open.map(({ number }) => number);
  const timeline = await tx.find(
    progress,
    { caseNumber: { $in: numbers }, kind: { $in: [...STEPS] } },
    { orderBy: { caseNumber: 'asc', ordinal: 'asc' }, fields: ['caseNumber', 'kind', 'stepCode', 'stepName'], disableIdentityMap: true },
  );
  const codes = [...new Set(open.map(({ itemCode }) => itemCode))];
  const known = await tx.find(items, { code: { $in: codes } }, { fields: ['departmentCode', 'code', 'steps'], disableIdentityMap: true });
  const flows = new Map(known.map(({ departmentCode, code, steps }) => [`${departmentCode} ${code}`, steps]));
  const steps = Map.groupBy(timeline, ({ caseNumber }) => caseNumber);
  return open.map((row) => {
    const { departmentCode, itemCode, acceptedAt, decidedAt } = row;
    const step = nextStep(flows.get(`${departmentCode} ${itemCode}`), steps.get(row.number) ?? []);
    const due = decidedAt == null ? (row.promisedDueAt ?? null) : dueAt(calendar, decidedAt, DELIVERY_DAYS);
    return {
      id: caseId(row.number),
      kind: 'CASE_TO_HANDLE',
      audience: departmentAudience(departmentCode),
      departmentCode,
      itemCode,
      waitingSince: decidedAt ?? acceptedAt,
      dueAt: due,
      dueSort: dueSort(due),
      stepCode: step?.code ?? null,
      stepName: step?.name ?? null,
    };
  });
}

function applicationForWindow({ id, departmentCode, itemCode }: WaitingApplication, since: Date, calendar: WorkingCalendar): Waiting {
  // told what is missing on the spot, within two working days where that is complex (Art. 17)
  const due = dueAt(calendar, since, NOTICE_DAYS);
  const step = { stepCode: null, stepName: null };
  return {
    id: applicationEntry(id),
    kind: 'APPLICATION_TO_DECIDE',
    audience: WINDOWS,
    departmentCode,
    itemCode,
    waitingSince: since,
    dueAt: due,
    dueSort: dueSort(due),
    ...step,
  };
}

function noticeToAnswer({ id, departmentCode, itemCode }: WaitingApplication, subject: string, since: Date): Waiting {
  const open = { dueAt: null, dueSort: dueSort(null), stepCode: null, stepName: null };
  return {
    id: applicationEntry(id),
    kind: 'NOTICE_TO_ANSWER',
    audience: applicantAudience(subject),
    departmentCode,
    itemCode,
    waitingSince: since,
    ...open,
  };
}

const caseId = (number: string) => `case:${number}`;
const applicationEntry = (id: string) => `application:${id}`;

/** Puts `wanted` in the place of every entry of `ids`, and keeps the counts. */
async function replace(tx: SqlEntityManager, ids: readonly string[], wanted: readonly Waiting[]): Promise<void> {
  const before = ids.length === 0 ? [] : await tx.find(inboxEntries, { id: { $in: [...ids] } });
  const rows = new Map(before.map((row) => [row.id, row]));
  const change = new Map<string, { audience: string; kind: InboxKind; by: number }>();
  const count = ({ audience, kind }: Waiting, by: number) => {
    const key = `${audience} ${kind}`;
    change.set(key, { audience, kind, by: (change.get(key)?.by ?? 0) + by });
  };
  for (const entry of wanted) {
    const row = rows.get(entry.id);
    count(entry, 1);
    if (row === undefined) tx.create(inboxEntries, entry);
    else {
      count(row, -1);
      Object.assign(row, entry);
      rows.delete(entry.id);
    }
  }
  for (const row of rows.values()) {
    count(row, -1);
    tx.remove(row);
  }
  await tx.flush();
  for (const { audience, kind, by } of change.values()) {
    if (by === 0) continue;
    const counted = await tx.findOne(inboxCounts, { audience, kind });
    if (counted === null) tx.create(inboxCounts, { audience, kind, waiting: by });
    else counted.waiting += by;
  }
}
