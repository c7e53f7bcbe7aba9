import { WorkingCalendar } from '../../../subgraphs/kit/calendar/working-calendar.js';
import type { Store } from '../../../subgraphs/kit/store/open-store.js';
import { transaction } from '../../../subgraphs/kit/store/transaction.js';
import { cases, inboxCounts, inboxEntries } from '../../../subgraphs/platform/acceptance/store/tables.js';

const BATCH = 1_000;
const DEPARTMENTS = ['drug', 'transport', 'housing', 'market', 'human-resources', 'health'] as const;
const CHANNELS = ['ONLINE', 'WINDOW', 'POST'] as const;
const DAY = 86_400_000;
const END_OF_TIME = new Date('9999-12-31T23:59:59.999Z');

/** The department, item, channel and times of the n-th of so many made-up cases, which fill a year. */
export function madeUpCase(n: number, count: number) {
  const acceptedAt = new Date(Date.parse('2026-01-05T01:00:00Z') + Math.floor((n / count) * 300) * DAY + (n % 28_800) * 1_000);
  const open = n % 5 === 0;
  return {
    number: `410000BENCH${String(n).padStart(8, '0')}`,
    applicationId: `bench-${n}`,
    departmentCode: DEPARTMENTS[n % DEPARTMENTS.length] as string,
    itemCode: `item-${n % 30}`,
    channel: CHANNELS[n % CHANNELS.length] as (typeof CHANNELS)[number],
    acceptedAt,
    decidedAt: open ? null : new Date(acceptedAt.getTime() + (1 + (n % 9)) * DAY),
    open,
  };
}

/** Fills the ledger with so many cases and what waits for their departments; a fifth of them is open. */
export async function seedLedger(store: Store, count: number): Promise<void> {
  const calendar = new WorkingCalendar();
  const waiting = new Map<string, number>();
  for (let from = 0; from < count; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => madeUpCase(from + index, count));
    await transaction(store.fork(), async (tx) => {
      await tx.insertMany(
        cases,
        rows.map(({ open, ...row }) => {
          const due = calendar.dueAt(row.acceptedAt, 5);
          return {
            ...row,
            materials: [],
            form: [],
            applicantSubject: null,
            applicantKind: 'NATURAL_PERSON' as const,
            applicantName: '演示',
            applicantIdNumber: '演示',
            applicantPhone: '演示',
            applicantIdHash: row.number,
            acceptedBy: 'bench',
            stage: open ? ('IN_REVIEW' as const) : ('DELIVERED' as const),
            runningProcedures: [],
            promisedDays: 5,
            statutoryDays: 20,
            promisedDueAt: due,
            statutoryDueAt: due,
            dueDatesPending: false,
            dueSort: due,
            outcome: open ? null : ('APPROVED' as const),
            certificateNumber: null,
            closedAt: row.decidedAt,
            progressCount: 0,
          };
        }),
      );
      const open = rows.filter((row) => row.open);
      for (const { departmentCode } of open) waiting.set(departmentCode, (waiting.get(departmentCode) ?? 0) + 1);
      await tx.insertMany(
        inboxEntries,
        open.map(({ number, departmentCode, itemCode, acceptedAt }) => {
          const due = calendar.dueAt(acceptedAt, 5);
          return {
            id: `case:${number}`,
            kind: 'CASE_TO_HANDLE' as const,
            audience: `department:${departmentCode}`,
            departmentCode,
            itemCode,
            waitingSince: acceptedAt,
            dueAt: due,
            dueSort: due ?? END_OF_TIME,
            stepCode: null,
            stepName: null,
          };
        }),
      );
    });
  }
  await store.fork().insertMany(
    inboxCounts,
    Array.from(waiting, ([code, count]) => ({ audience: `department:${code}`, kind: 'CASE_TO_HANDLE' as const, waiting: count })),
  );
}
