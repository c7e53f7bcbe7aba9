/**
 * The header in which whoever asks says for how many more milliseconds the answer is of use. It is a span and no point in
 * time, since clocks differ; what the network takes is not in it.
 */
export const DEADLINE_HEADER = 'x-deadline-ms';

const SPAN = /^\d{1,9}$/;

/** When the answer is no longer of use, by `performance.now()`; undefined where nothing sensible is said. */
export function deadlineOf(header: unknown, now = performance.now()): number | undefined {
  return typeof header === 'string' && SPAN.test(header) ? now + Number(header) : undefined;
}
