import { type CaseLife, momentsOf } from '../facts/case-life.js';
import { CASE_RULES } from '../rules/case-rules.js';
import { KnownCase, type RuleBasis } from '../rules/rule.js';
import type { AlertRule } from '../types/enums.js';
import type { Arising, Finding, Findings } from './finding.js';

/**
 * All that supervision finds in a life, dated; a finding of the future is one that will arise unless something happens
 * before. Each rule is asked at every moment at which something became known, and what it says arises when that lies
 * before the next one. So it makes no difference in how many pieces the events came, nor how long after they happened.
 */
export function findingsOf(life: CaseLife, basis: RuleBasis, off: readonly AlertRule[] = []): Findings {
  const found = new Map<string, Arising>();
  const over = new Map<string, Date>();
  const rules = Object.entries(CASE_RULES).filter(([name]) => !off.includes(name as AlertRule));
  const moments = momentsOf(life.facts);
  let pending = false;
  for (const [index, moment] of moments.entries()) {
    const until = moments[index + 1]?.at ?? FOREVER;
    const known = new KnownCase(life, moment, basis);
    const standing = new Set<string>();
    for (const [, rule] of rules) {
      for (const arising of rule(known)) {
        const key = keyOf(arising);
        standing.add(key);
        // what arose before it could be known arises when it is
        const at = arising.at < moment.at ? moment.at : arising.at;
        if (!found.has(key) && at < until) found.set(key, { ...arising, at });
      }
    }
    for (const key of found.keys()) {
      if (standing.has(key)) over.delete(key);
      else if (!over.has(key)) over.set(key, moment.at);
    }
    pending ||= known.pending;
  }
  return { findings: Array.from(found, ([key, arising]) => ended(arising, over.get(key))), pending };
}

/** When anything is next to be looked at, should nothing happen; undefined when never. */
export function nextCheck(findings: readonly Finding[], now: Date): Date | undefined {
  let next: Date | undefined;
  for (const { at, over } of findings) {
    for (const date of [at, over]) if (date !== null && date > now && (next === undefined || date < next)) next = date;
  }
  return next;
}

export function keyOf({ rule, occurrence }: Pick<Arising, 'rule' | 'occurrence'>): string {
  return `${rule} ${occurrence}`;
}

const FOREVER = new Date(8.64e15);

function ended(arising: Arising, over: Date | undefined): Finding {
  const { at, ends } = arising;
  const end = over === undefined || (ends !== undefined && ends < over) ? ends : over;
  return { ...arising, over: end === undefined ? null : end < at ? at : end };
}
