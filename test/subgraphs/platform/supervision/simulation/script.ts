import type { LedgerEvent } from '../../../../../subgraphs/platform/supervision/facts/ledger-event.js';
import { dayOf, midnight, plus } from './chinese-days.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface ScriptedEvent {
  readonly kind: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When supervision is told; later than `at` when a department tells late. */
  readonly told: number;
  readonly recordedAt: number;
  readonly details: Partial<LedgerEvent>;
}

/** What happens to one application, as it is to happen. */
export interface Script {
  readonly n: number;
  readonly applicationId: string;
  readonly caseNumber: string;
  readonly departmentCode: string;
  readonly itemCode: string;
  readonly channel: string;
  readonly promisedDays: number;
  readonly statutoryDays: number;
  readonly reviewDays: number;
  readonly events: readonly ScriptedEvent[];
}

export const DEPARTMENTS = ['drug', 'transport', 'housing', 'market', 'human-resources', 'health'] as const;
export const ITEMS = [
  { code: 'small', promisedDays: 1, statutoryDays: 5, reviewDays: 1 },
  { code: 'middle', promisedDays: 5, statutoryDays: 20, reviewDays: 3 },
  { code: 'large', promisedDays: 15, statutoryDays: 30, reviewDays: 5 },
] as const;

/** Numbers that look random and are the same in every run. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A life begun between two instants, in which much goes well and some of everything goes wrong. */
export function script(n: number, seed: number, from: number, to: number): Script {
  const next = random(seed + n * 7_919);
  const chance = (share: number) => next() < share;
  const between = (least: number, most: number) => least + next() * (most - least);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
  const item = pick(ITEMS);
  const events: ScriptedEvent[] = [];
  let at = Math.floor(between(from, to));
  const happens = (kind: string, after: number, details: Partial<LedgerEvent> = {}, told?: number) => {
    at += Math.max(1, Math.floor(after));
    const late =
      told ?? (kind.startsWith('APPLICATION') || kind === 'ACCEPTED' || !chance(0.03) ? at : at + Math.floor(between(HOUR, 30 * HOUR)));
    events.push({ kind, at, told: late, recordedAt: late, details });
    return at;
  };

  const submitted = happens('APPLICATION_SUBMITTED', 1);
  const end = () => ({
    n,
    applicationId: `a-${n}`,
    caseNumber: `410000-${n}`,
    departmentCode: department,
    itemCode: item.code,
    channel,
    promisedDays: item.promisedDays,
    statutoryDays: item.statutoryDays,
    reviewDays: item.reviewDays,
    events,
  });
  const department = pick(DEPARTMENTS);
  const channel = pick(['ONLINE', 'WINDOW', 'POST']);

  const way = next();
  if (way < 0.04) {
    happens('APPLICATION_REFUSED', between(HOUR, 4 * DAY));
    return end();
  }
  if (way < 0.08) {
    const lastMoment = midnight(plus(dayOf(submitted), 5) + 1) - 1;
    at = lastMoment - 1;
    happens('APPLICATION_DEEMED_ACCEPTED', 1, {}, lastMoment + MINUTE);
    events.push({ kind: 'ACCEPTED', at: submitted, told: lastMoment + MINUTE, recordedAt: lastMoment + MINUTE, details: {} });
    at += 2 * MINUTE;
  } else {
    if (way < 0.2) {
      happens('APPLICATION_NOTICE_GIVEN', between(MINUTE, chance(0.2) ? 6 * DAY : DAY));
      happens('APPLICATION_CORRECTED', between(DAY, 4 * DAY));
      if (chance(0.2)) {
        happens('APPLICATION_NOTICE_GIVEN', between(MINUTE, DAY));
        happens('APPLICATION_CORRECTED', between(DAY, 4 * DAY));
      }
    }
    happens('ACCEPTED', chance(0.06) ? between(2 * DAY, 5 * DAY) : between(MINUTE, DAY));
  }
  if (chance(0.01)) return end();
  happens('RECEIVED', chance(0.04) ? between(DAY, 5 * DAY) : between(1_000, MINUTE));
  happens('STEP_STARTED', between(HOUR, chance(0.1) ? 9 * DAY : DAY), { stepCode: 'review' });
  if (chance(0.02)) return end();
  happens('STEP_FINISHED', between(HOUR, (item.reviewDays + (chance(0.15) ? 5 : 0)) * DAY), { stepCode: 'review' });
  if (chance(0.15)) {
    const procedureKind = pick(['HEARING', 'EXPERT_REVIEW']);
    happens('SPECIAL_PROCEDURE_STARTED', between(HOUR, 2 * DAY), {
      procedureKind,
      expectedDays: chance(0.6) ? Math.ceil(between(0, 12)) : null,
    });
    if (chance(0.05)) return end();
    happens('SPECIAL_PROCEDURE_FINISHED', between(HOUR, chance(0.1) ? 55 * DAY : 15 * DAY), { procedureKind });
  }
  if (chance(0.05)) happens('EXTENDED', between(HOUR, DAY), { extensionDays: Math.ceil(between(0, 10)) });
  if (chance(0.03)) return end();
  const outcome = next();
  happens('DECIDED', between(HOUR, (item.promisedDays * (chance(0.15) ? 2 : 0.4) + 0.1) * DAY), {
    outcome: outcome < 0.83 ? 'APPROVED' : outcome < 0.93 ? 'REFUSED' : outcome < 0.98 ? 'WITHDRAWN' : 'TERMINATED',
    hasReasons: outcome >= 0.83 && !chance(0.1),
    reviewRuleVersion: chance(0.03) ? null : chance(0.02) ? 1 : 2,
  });
  if (outcome >= 0.93 || chance(0.03)) return end();
  happens('DELIVERED', between(HOUR, chance(0.08) ? 20 * DAY : 8 * DAY));
  return end();
}

/** As the ledger tells of it. */
export function ledgerEvent(life: Script, index: number): LedgerEvent {
  const { kind, at, recordedAt, details } = life.events[index] as ScriptedEvent;
  const ofCase = !kind.startsWith('APPLICATION_');
  return {
    id: `e-${life.n}-${index}`,
    cursor: `c-${life.n}-${index}`,
    kind,
    occurredAt: new Date(at).toISOString(),
    recordedAt: new Date(recordedAt).toISOString(),
    departmentCode: life.departmentCode,
    itemCode: life.itemCode,
    caseNumber: ofCase ? life.caseNumber : null,
    applicationId: life.applicationId,
    channel: life.channel,
    promisedDays: ofCase ? life.promisedDays : null,
    statutoryDays: ofCase ? life.statutoryDays : null,
    stepCode: null,
    procedureKind: null,
    expectedDays: null,
    extensionDays: null,
    outcome: null,
    hasReasons: null,
    reviewRuleVersion: null,
    calendarNotice: null,
    ...details,
  };
}
