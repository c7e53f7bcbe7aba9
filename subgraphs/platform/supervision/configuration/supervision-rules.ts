import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { ALERT_LEVELS, ALERT_RULES, type AlertLevel, type AlertRule } from '../types/enums.js';

/** From when rules take something for wrong. Days are working days. */
export interface Thresholds {
  /** A reminder comes when so many days of the promised limit are left ... */
  readonly remindDays: number;
  /** ... or this share of it, whichever is more. */
  readonly remindShare: number;
  /** A case that its department has not received after so many. */
  readonly dispatchDays: number;
  /** A case of which nothing was heard for so many. */
  readonly stalledDays: number;
  /** A special procedure that runs longer. */
  readonly pausedDays: number;
  /** Hours that the catalogue may take to learn of new review rules, before a decision that cites them is held to be wrong. */
  readonly ruleVersionHours: number;
}

/** How supervision is set up. The regulation leaves levels and thresholds to those who run it. */
export interface SupervisionRules {
  readonly thresholds: Thresholds;
  readonly levels: Readonly<Record<AlertRule, AlertLevel>>;
  /** Rules that raise nothing. */
  readonly off: readonly AlertRule[];
}

export const DEFAULT_RULES: SupervisionRules = {
  thresholds: { remindDays: 1, remindShare: 0.2, dispatchDays: 1, stalledDays: 5, pausedDays: 30, ruleVersionHours: 1 },
  levels: {
    GUIDE_MISSING: 'YELLOW',
    REVIEW_RULES_MISSING: 'YELLOW',
    NOTICE_LATE: 'YELLOW',
    NOTICE_LATE_BY_LAW: 'RED',
    SECOND_NOTICE: 'YELLOW',
    NOT_DISPATCHED: 'YELLOW',
    LIMIT_NEAR: 'REMIND',
    PROMISED_OVERDUE: 'YELLOW',
    STATUTORY_OVERDUE: 'RED',
    STEP_OVERDUE: 'YELLOW',
    STALLED: 'YELLOW',
    PAUSED_TOO_LONG: 'YELLOW',
    PROCEDURE_OVER_TOLD: 'YELLOW',
    DELIVERY_OVERDUE: 'YELLOW',
    DECIDED_WITHOUT_RULES: 'YELLOW',
    REFUSED_WITHOUT_REASONS: 'RED',
    OUTSIDE_PLATFORM: 'RED',
  },
  off: [],
};

const days = z.int().min(1).max(1_000).optional();
const rule = z.enum(Object.keys(ALERT_RULES) as [AlertRule, ...AlertRule[]]);
const settings = z.strictObject({
  thresholds: z
    .strictObject({
      remindDays: days,
      remindShare: z.number().min(0).max(0.9).optional(),
      dispatchDays: days,
      stalledDays: days,
      pausedDays: days,
      ruleVersionHours: z.int().min(0).max(1_000).optional(),
    })
    .optional(),
  levels: z.partialRecord(rule, z.enum(Object.keys(ALERT_LEVELS) as [AlertLevel, ...AlertLevel[]])).optional(),
  off: z.array(rule).optional(),
});

/**
 * Reads a JSON file that says what differs from {@link DEFAULT_RULES}.
 * @throws CataloguedError CONFIGURATION_INVALID naming the file and the fault
 */
export async function readSupervisionRules(file: string | undefined): Promise<SupervisionRules> {
  if (file === undefined) return DEFAULT_RULES;
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new CataloguedError('CONFIGURATION_INVALID', `SUPERVISION_RULES: ${file} is not readable as JSON (${(error as Error).message})`);
  }
  const read = settings.safeParse(content);
  if (!read.success) throw new CataloguedError('CONFIGURATION_INVALID', `SUPERVISION_RULES: ${file}: ${z.prettifyError(read.error)}`);
  const { thresholds = {}, levels = {}, off = [] } = read.data;
  const given = Object.fromEntries(Object.entries(thresholds).filter(([, value]) => value !== undefined));
  return {
    thresholds: { ...DEFAULT_RULES.thresholds, ...given },
    levels: { ...DEFAULT_RULES.levels, ...levels },
    off,
  };
}
