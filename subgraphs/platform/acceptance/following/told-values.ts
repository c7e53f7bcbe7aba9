/** What a department told may be anything: a value of the expected kind, or null. */
export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** At most 10,000, which no number of days, versions or notices exceeds. */
export function wholeNumber(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 10_000 ? (value as number) : null;
}
