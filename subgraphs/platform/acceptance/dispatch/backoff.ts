/** Milliseconds before the first retry, and at most. */
export interface Backoff {
  readonly first: number;
  readonly most: number;
}

/** How long to wait after `failures` failures in a row: doubled each time, and up to half of it less, so that many don't come at once. */
export function backoffAfter({ first, most }: Backoff, failures: number): number {
  return Math.min(first * 2 ** (failures - 1), most) * (1 - Math.random() / 2);
}
