/**
 * Working days of 2026 and instants in China, written for the oracle alone: it must not count with what it is to judge.
 * From the State Council's notice.
 */
const OFF = new Set(
  [
    ['01', 1, 3],
    ['02', 15, 23],
    ['04', 4, 6],
    ['05', 1, 5],
    ['06', 19, 21],
    ['09', 25, 27],
    ['10', 1, 7],
  ].flatMap(([month, from, to]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => `2026-${month}-${String(Number(from) + index).padStart(2, '0')}`),
  ),
);
const WORKED = new Set(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']);

const DAY = 86_400_000;
const EIGHT_HOURS = 8 * 3_600_000;

/** Days since 1970 in China. */
export const dayOf = (ms: number): number => Math.floor((ms + EIGHT_HOURS) / DAY);
/** The first millisecond of a day. */
export const midnight = (day: number): number => day * DAY - EIGHT_HOURS;
export const dayText = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

export function works(day: number): boolean {
  const text = dayText(day);
  if (WORKED.has(text)) return true;
  if (OFF.has(text)) return false;
  const weekday = new Date(day * DAY).getUTCDay();
  return weekday >= 1 && weekday <= 5;
}

/** The n-th working day after a day. */
export function plus(day: number, n: number): number {
  let at = day;
  for (let left = n; left > 0; ) if (works(++at)) left--;
  return at;
}
