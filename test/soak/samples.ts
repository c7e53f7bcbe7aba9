import { readdir, readFile } from 'node:fs/promises';

/** What one process holds at one moment. */
export interface Sample {
  /** Minutes since the beginning. */
  readonly at: number;
  /** Megabytes. */
  readonly rss: number;
  readonly handles: number;
  /** Megabytes in use by JavaScript, and the 99th percentile of the event loop's delay in milliseconds, where it tells. */
  readonly heap: number | undefined;
  readonly lag: number | undefined;
}

/** @param url of the part's `/graphql`, beside which its metrics are */
export async function sampleOf(pid: number, url: string, at: number): Promise<Sample> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const rss = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  const handles = (await readdir(`/proc/${pid}/fd`)).length;
  const response = await fetch(new URL('/metrics', url)).catch(() => undefined);
  const metrics = response?.ok === true ? await response.text() : '';
  const read = (name: string) => {
    const found = new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+-]+)$`, 'm').exec(metrics)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const heap = read('acceptance_nodejs_heap_size_used_bytes');
  const lag = read('acceptance_nodejs_eventloop_lag_p99_seconds');
  return { at, rss, handles, heap: heap && heap / 1_048_576, lag: lag && lag * 1_000 };
}

/** By how much a value grows an hour: the straight line that is closest to the samples. */
export function slopePerHour(samples: readonly Sample[], value: (sample: Sample) => number | undefined): number | undefined {
  const points = samples.flatMap((sample) => {
    const y = value(sample);
    return y === undefined ? [] : [[sample.at, y] as const];
  });
  if (points.length < 2) return undefined;
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, own]) => own))];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  return (points.reduce((sum, [at, own]) => sum + (at - x) * (own - y), 0) / spread) * 60;
}
