import type { CaseFact } from './case-fact.js';

/** One application and the case it became, as far as is known. */
export interface CaseLife {
  /** In the order in which they became known. */
  readonly facts: readonly CaseFact[];
  readonly promisedDays: number | null;
  readonly statutoryDays: number | null;
}

/** Facts that became known at one moment, and all that was known by then. */
export interface Moment {
  readonly at: Date;
  /** In the order in which they happened. */
  readonly known: readonly CaseFact[];
}

/**
 * The moments of a life as it would have been seen had each event been known when it happened: so what is found does not
 * depend on when, or in how many pieces, the events came. An application that counts as accepted because nobody answered
 * is accepted as of its receipt, which nobody can know before the time for an answer is over.
 */
export function momentsOf(facts: readonly CaseFact[]): Moment[] {
  const deemed = facts.find(({ kind }) => kind === 'APPLICATION_DEEMED_ACCEPTED');
  const knownAt = ({ kind, at }: CaseFact): number =>
    kind === 'ACCEPTED' && deemed !== undefined && deemed.at > at ? deemed.at.getTime() : at.getTime();
  const ordered = [...facts].sort((a, b) => knownAt(a) - knownAt(b));
  const moments: Moment[] = [];
  for (const [index, fact] of ordered.entries()) {
    const next = ordered[index + 1];
    if (next !== undefined && knownAt(next) === knownAt(fact)) continue;
    moments.push({ at: new Date(knownAt(fact)), known: ordered.slice(0, index + 1) });
  }
  return moments;
}
