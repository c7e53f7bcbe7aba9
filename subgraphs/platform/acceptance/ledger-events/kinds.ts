import { CASE_PROGRESS_KINDS } from '../types/enums.js';

/** A department told of a case that was never accepted here; subject is the number it gave. */
export const UNKNOWN_CASE = 'UNKNOWN_CASE_REPORTED';
/** An official holiday notice was loaded; the payload is the notice. */
export const NOTICE_LOADED = 'CALENDAR_NOTICE_LOADED';

/** Whether an event of the ledger's feed is about a case that the ledger has. */
export function isCaseEvent({ kind }: { kind: string }): boolean {
  return kind in CASE_PROGRESS_KINDS;
}
