import type { ClockEvent } from '../../../kit/clocks/clock-event.js';

/** What supervision keeps of one event of the ledger: what its rules and figures read, and nobody's name. */
export interface CaseFact extends ClockEvent {
  /** The ledger's id of the event: a repeat is the same event. */
  readonly id: string;
  /** When the ledger learnt of it. */
  readonly recordedAt: Date;
  readonly stepCode: string | null;
  readonly procedureKind: string | null;
  readonly expectedDays: number | null;
  readonly extensionDays: number | null;
  readonly outcome: string | null;
  readonly hasReasons: boolean | null;
  readonly reviewRuleVersion: number | null;
}

/** A fact as a row keeps it; what is null is left out. */
export type StoredFact = { id: string; kind: string; at: string; recordedAt?: string } & Partial<
  Pick<CaseFact, 'stepCode' | 'procedureKind' | 'expectedDays' | 'extensionDays' | 'outcome' | 'hasReasons' | 'reviewRuleVersion'>
>;

const DETAILS = [
  'stepCode',
  'procedureKind',
  'expectedDays',
  'extensionDays',
  'outcome',
  'hasReasons',
  'reviewRuleVersion',
] as const satisfies readonly (keyof CaseFact)[];

export function storedFact(fact: CaseFact): StoredFact {
  const { id, kind, at, recordedAt } = fact;
  const details = Object.fromEntries(DETAILS.flatMap((name) => (fact[name] === null ? [] : [[name, fact[name]]])));
  const late = recordedAt.getTime() !== at.getTime() && { recordedAt: recordedAt.toISOString() };
  return { id, kind, at: at.toISOString(), ...late, ...details };
}

export function factOf({ id, kind, at, recordedAt, ...details }: StoredFact): CaseFact {
  return {
    id,
    kind,
    at: new Date(at),
    recordedAt: new Date(recordedAt ?? at),
    stepCode: details.stepCode ?? null,
    procedureKind: details.procedureKind ?? null,
    expectedDays: details.expectedDays ?? null,
    extensionDays: details.extensionDays ?? null,
    outcome: details.outcome ?? null,
    hasReasons: details.hasReasons ?? null,
    reviewRuleVersion: details.reviewRuleVersion ?? null,
  };
}
