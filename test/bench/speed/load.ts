import { Pool } from 'undici';

export const CONNECTIONS = 50;

export interface Loaded {
  readonly done: number;
  readonly elapsed: number;
  readonly p99: number;
}

/** Sends bodies in turn over fifty connections until time is up. */
export async function load(url: string, bodies: readonly string[], seconds: number): Promise<Loaded> {
  const { origin, pathname } = new URL(url);
  await using pool = Object.assign(new Pool(origin, { connections: CONNECTIONS }), {
    [Symbol.asyncDispose]: async () => pool.destroy(),
  });
  const latencies: number[] = [];
  let sent = 0;
  const started = performance.now();
  const until = started + seconds * 1_000;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < until) {
        const began = performance.now();
        const { statusCode, body } = await pool.request({
          method: 'POST',
          path: pathname,
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: bodies[sent++ % bodies.length] as string,
        });
        await body.dump();
        if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
        latencies.push(performance.now() - began);
      }
    }),
  );
  latencies.sort((a, b) => a - b);
  return {
    done: latencies.length,
    elapsed: (performance.now() - started) / 1_000,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
  };
}

/** Answers that carry errors are no answers here. */
export async function ask(url: string, body: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body,
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return JSON.stringify({ data });
}
