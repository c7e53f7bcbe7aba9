import { createHash } from 'node:crypto';
import type { AuditRow } from './audit-tables.js';

/** What the first record follows. */
export const CHAIN_START = '0'.repeat(64);

/** A record's hash covers all of it, its place and the hash of the record before: changing one changes every later one. */
export function auditHash(row: Omit<AuditRow, 'hash' | symbol>): string {
  const { position, at, subject, roles, action, object, outcome, requestId, count, previous } = row;
  return createHash('sha256')
    .update(JSON.stringify([previous, position, at, subject ?? null, roles, action, object, outcome, requestId, count]))
    .digest('hex');
}
