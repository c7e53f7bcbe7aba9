import { WorkingCalendar } from '../../../subgraphs/kit/calendar/working-calendar.js';
import type { Store } from '../../../subgraphs/kit/store/open-store.js';
import { transaction } from '../../../subgraphs/kit/store/transaction.js';
import { alertId } from '../../../subgraphs/platform/supervision/alerts/alert-id.js';
import { placeOf } from '../../../subgraphs/platform/supervision/alerts/place.js';
import { contributionsOf } from '../../../subgraphs/platform/supervision/figures/contribution.js';
import { FigureSums } from '../../../subgraphs/platform/supervision/figures/figure-sums.js';
import { keepFigures } from '../../../subgraphs/platform/supervision/figures/keep-figures.js';
import { applicationSubject } from '../../../subgraphs/platform/supervision/store/subjects.js';
import { alerts, alertTallies, supervisedCases } from '../../../subgraphs/platform/supervision/store/tables.js';
import type { AlertLevel, AlertRule, AlertState } from '../../../subgraphs/platform/supervision/types/enums.js';
import { madeUpCase } from './seed-ledger.js';

const BATCH = 1_000;
const NOTHING = {
  stepCode: null,
  procedureKind: null,
  expectedDays: null,
  extensionDays: null,
  outcome: null,
  hasReasons: null,
  reviewRuleVersion: null,
};
const RULES: readonly { rule: AlertRule; level: AlertLevel }[] = [
  { rule: 'LIMIT_NEAR', level: 'REMIND' },
  { rule: 'PROMISED_OVERDUE', level: 'YELLOW' },
  { rule: 'STATUTORY_OVERDUE', level: 'RED' },
];

/** Fills supervision with what it keeps of so many cases: every third has an alert, half of which are still in hand. */
export async function seedSupervision(store: Store, count: number): Promise<void> {
  const calendar = new WorkingCalendar();
  const figures = new FigureSums();
  const tally = new Map<string, number>();
  for (let from = 0; from < count; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => ({
      n: from + index,
      ...madeUpCase(from + index, count),
    }));
    await transaction(store.fork(), async (tx) => {
      await tx.insertMany(
        supervisedCases,
        rows.map(({ applicationId, number, departmentCode, itemCode, channel, acceptedAt, decidedAt }) => {
          const accepted = { ...NOTHING, id: `${number}-1`, kind: 'ACCEPTED', at: acceptedAt, recordedAt: acceptedAt };
          const decided = decidedAt && {
            ...accepted,
            id: `${number}-2`,
            kind: 'DECIDED',
            at: decidedAt,
            recordedAt: decidedAt,
            outcome: 'APPROVED',
          };
          const facts = decided === null ? [accepted] : [accepted, decided];
          const contributions = contributionsOf(
            { facts, promisedDays: 5, statutoryDays: 20 },
            { departmentCode, itemCode, channel },
            calendar,
          );
          figures.add(contributions);
          return {
            id: applicationSubject(applicationId),
            departmentCode,
            itemCode,
            caseNumber: number,
            channel,
            promisedDays: 5,
            statutoryDays: 20,
            facts: facts.map(({ id, kind, at, outcome }) => ({ id, kind, at: at.toISOString(), ...(outcome !== null && { outcome }) })),
            contributions,
            nextCheckAt: decidedAt === null ? calendar.dueAt(acceptedAt, 5) : null,
            pending: false,
          };
        }),
      );
      await tx.insertMany(
        alerts,
        rows
          .filter(({ n }) => n % 3 === 0)
          .map(({ n, applicationId, departmentCode, itemCode, number, acceptedAt }) => {
            const { rule, level } = RULES[Math.floor(n / 3) % RULES.length] as (typeof RULES)[number];
            const state: AlertState = Math.floor(n / 18) % 2 === 0 ? 'OPEN' : 'CLOSED';
            const subject = applicationSubject(applicationId);
            const due = calendar.dueAt(acceptedAt, 5);
            const key = JSON.stringify([departmentCode, rule, level, state]);
            tally.set(key, (tally.get(key) ?? 0) + 1);
            return {
              id: alertId(subject, { rule, occurrence: '' }),
              subject,
              rule,
              occurrence: '',
              level,
              state,
              inHand: state === 'OPEN',
              place: placeOf(level, due),
              departmentCode,
              itemCode,
              caseNumber: number,
              arisenAt: due,
              raisedAt: due,
              dueAt: due,
              overAt: null,
              orderDueAt: null,
              detail: { limitDays: 5 },
              moveCount: 0,
            };
          }),
      );
    });
  }
  await transaction(store.fork(), async (tx) => {
    await keepFigures(tx, figures);
    await tx.insertMany(
      alertTallies,
      Array.from(tally, ([key, count]) => {
        const [departmentCode, rule, level, state] = JSON.parse(key) as [string, AlertRule, AlertLevel, AlertState];
        return { departmentCode, rule, level, state, count };
      }),
    );
  });
}
