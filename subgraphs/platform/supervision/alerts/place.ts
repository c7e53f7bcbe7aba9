import type { AlertLevel } from '../types/enums.js';

const GRAVITY: Readonly<Record<AlertLevel, string>> = { RED: '0', YELLOW: '1', REMIND: '2' };

/** Where an alert stands in lists: the gravest first, and of one level what was due first. A text, so that one index sorts it. */
export function placeOf(level: AlertLevel, due: Date): string {
  return `${GRAVITY[level]}${String(Math.max(0, due.getTime())).padStart(16, '0')}`;
}

/** Between which places the alerts of a level stand. */
export function placesOf(level: AlertLevel): { readonly from: string; readonly before: string } {
  return { from: GRAVITY[level], before: String(Number(GRAVITY[level]) + 1) };
}
