import { shanghaiDay, type WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import { clocksOf } from '../../../kit/clocks/clocks-of.js';
import type { CaseLife } from '../facts/case-life.js';

/** The sums that figures are made of. */
export const MEASURES = [
  'accepted',
  'decided',
  'approved',
  'refused',
  'inPromised',
  'inStatutory',
  'workingDays',
  'promisedDays',
  'statutoryDays',
] as const;
export type Measures = Readonly<Record<(typeof MEASURES)[number], number>>;

export const NOTHING: Measures = {
  accepted: 0,
  decided: 0,
  approved: 0,
  refused: 0,
  inPromised: 0,
  inStatutory: 0,
  workingDays: 0,
  promisedDays: 0,
  statutoryDays: 0,
};

/** In the place of a day: what is in hand now. Kept like a day's sums, so that nobody adds up all days there ever were. */
export const IN_HAND = '';

/** What one case adds to the figures of one day in China. */
export interface Contribution {
  readonly day: string;
  readonly departmentCode: string;
  readonly itemCode: string;
  readonly channel: string;
  readonly measures: Partial<Measures>;
}

/** Whose figures they are. */
export interface FigureKey {
  readonly departmentCode: string;
  readonly itemCode: string;
  readonly channel: string;
}

/**
 * What a case adds to the figures: to those of the day of its acceptance, and to those of the day of its decision;
 * until then to what is in hand. Days used and limits count for what was approved or refused; what was withdrawn or terminated is decided, and judged by no
 * limit. A case whose days no calendar covers yet adds them once its notice is loaded.
 */
export function contributionsOf(life: CaseLife, key: FigureKey, calendar: WorkingCalendar): Contribution[] {
  const accepted = life.facts.find(({ kind }) => kind === 'ACCEPTED');
  if (accepted === undefined) return [];
  const [decision] = life.facts.filter(({ kind }) => kind === 'DECIDED').sort((a, b) => a.at.getTime() - b.at.getTime());
  const contributions: Contribution[] = [{ day: shanghaiDay(accepted.at), ...key, measures: { accepted: 1 } }];
  if (decision === undefined) return [...contributions, { day: IN_HAND, ...key, measures: { accepted: 1 } }];
  const { outcome } = decision;
  const judged = outcome === 'APPROVED' || outcome === 'REFUSED';
  const clocks = judged ? clocksOf(life.facts, life, calendar, decision.at) : [];
  const of = (kind: 'PROMISED' | 'STATUTORY') => clocks.find((clock) => clock.kind === kind);
  const [promised, statutory] = [of('PROMISED'), of('STATUTORY')];
  contributions.push({
    day: shanghaiDay(decision.at),
    ...key,
    measures: {
      decided: 1,
      ...(outcome === 'APPROVED' && { approved: 1 }),
      ...(outcome === 'REFUSED' && { refused: 1 }),
      ...(promised?.state === 'MET' && { inPromised: 1 }),
      ...(statutory?.state === 'MET' && { inStatutory: 1 }),
      workingDays: promised?.elapsedDays ?? 0,
      promisedDays: promised === undefined ? 0 : promised.limitDays + promised.extendedDays,
      statutoryDays: statutory === undefined ? 0 : statutory.limitDays + statutory.extendedDays,
    },
  });
  return contributions;
}
