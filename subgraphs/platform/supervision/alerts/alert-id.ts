import { createHash } from 'node:crypto';
import type { Arising } from '../findings/finding.js';

/** One id for each subject, rule and occurrence, whoever raises the alert and however often. */
export function alertId(subject: string, { rule, occurrence }: Pick<Arising, 'rule' | 'occurrence'>): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, rule, occurrence]))
    .digest('hex')
    .slice(0, 40);
}
