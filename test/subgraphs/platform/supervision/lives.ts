import { WorkingCalendar } from '../../../../subgraphs/kit/calendar/working-calendar.js';
import { DEFAULT_RULES, type Thresholds } from '../../../../subgraphs/platform/supervision/configuration/supervision-rules.js';
import type { CaseFact } from '../../../../subgraphs/platform/supervision/facts/case-fact.js';
import type { ItemHistory } from '../../../../subgraphs/platform/supervision/facts/item-history.js';
import type { Finding } from '../../../../subgraphs/platform/supervision/findings/finding.js';
import { findingsOf } from '../../../../subgraphs/platform/supervision/findings/findings-of.js';
import type { AlertRule } from '../../../../subgraphs/platform/supervision/types/enums.js';

/** `2026-03-02 10:00` in China. */
export const china = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);

/** The same the other way round, to the minute. */
export const inChina = (date: Date): string => new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

export type Told = readonly [kind: string, at: string, details?: Partial<CaseFact>];

let facts = 0;
export const fact = ([kind, at, details = {}]: Told): CaseFact => ({
  id: `fact-${++facts}`,
  kind,
  at: china(at),
  recordedAt: china(at),
  stepCode: null,
  procedureKind: null,
  expectedDays: null,
  extensionDays: null,
  outcome: null,
  hasReasons: null,
  reviewRuleVersion: null,
  ...details,
});

/** An item with a step of three working days, and the second version of its review rules in force. */
export const ITEM: ItemHistory = [{ since: '2026-01-01T00:00:00.000Z', active: true, reviewRuleVersion: 2, steps: { review: 3 } }];

export interface LifeOptions {
  readonly promisedDays?: number;
  readonly statutoryDays?: number;
  readonly item?: ItemHistory;
  readonly thresholds?: Partial<Thresholds>;
}

/** What is found in the life of a case with a promised limit of 5 and a statutory one of 20 working days. */
export function findingsIn(told: readonly Told[], { promisedDays = 5, statutoryDays = 20, item = ITEM, thresholds }: LifeOptions = {}) {
  return findingsOf(
    { facts: told.map(fact), promisedDays, statutoryDays },
    { calendar: CALENDAR, thresholds: { ...DEFAULT_RULES.thresholds, ...thresholds }, item },
  );
}

export const CALENDAR = new WorkingCalendar();

/** When the findings of a rule arise, in China. */
export function whenFound(rule: AlertRule, told: readonly Told[], options?: LifeOptions): string[] {
  return findingsIn(told, options)
    .findings.filter((finding) => finding.rule === rule)
    .map(({ at }: Finding) => inChina(at));
}
