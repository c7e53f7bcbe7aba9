import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { openFiles } from '../support/stores.js';

const START = new URL('../../dist/gateway/main/start.js', import.meta.url).pathname;

/** `npm start`, from the build: resolves once the welcome is printed to its last line. */
async function start(env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [START, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  const ready = Promise.withResolvers<void>();
  const watchers: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (line.startsWith('Ctrl-C')) ready.resolve();
    for (const watcher of watchers) watcher(line);
  });
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.once('exit', () => ready.reject(new Error(errors.join('\n'))));
  const text = () => lines.join('\n');
  return {
    ready: ready.promise,
    errors,
    text,
    /** Resolves with the next line that matches. */
    line: (pattern: RegExp) => new Promise<string>((resolve) => watchers.push((line) => pattern.test(line) && resolve(line))),
    url: () => /graph +(http:\S+)/.exec(text())?.[1] as string,
    tokenOf: (role: string) => new RegExp(`\\(${role}\\)\\n +(\\S+)`).exec(text())?.[1] as string,
    async stop(): Promise<number | null> {
      child.kill('SIGINT');
      return ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function ask(url: string, token: string, query: string): Promise<any> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

const CASES = '{ cases(first: 50) { totalCount nodes { number stage departmentCode item { name guide { fee } } steps { name } } } }';

describe('npm start', () => {
  test('seeds departments, items and cases in different stages; Ctrl-C stops cleanly; a second start finds them again', async () => {
    await using files = await openFiles();
    const env = { DATA_DIR: files.url.slice('file:'.length), GATEWAY_PORT: '0' };
    let first: any;
    {
      await using running = await start(env);
      await running.ready;
      first = await ask(running.url(), running.tokenOf('monitor'), CASES);
      expect(first.errors).toBeUndefined();
      const rows = first.data.cases.nodes as any[];
      expect(new Set(rows.map(({ departmentCode }) => departmentCode))).toEqual(new Set(['drug', 'transport', 'housing']));
      expect(new Set(rows.map(({ stage }) => stage)).size).toBeGreaterThanOrEqual(3);
      expect(rows.every(({ item }) => item.guide.fee !== '')).toBe(true);
      {
        await using second = await start(env);
        await expect(second.ready).rejects.toThrow(/DATA_DIR: process \d+ runs on/);
      }
      expect(await running.stop()).toBe(0);
      expect(running.errors).toEqual([]);
    }
    await using again = await start(env);
    await again.ready;
    const second = await ask(again.url(), again.tokenOf('monitor'), CASES);
    expect(second).toEqual(first);
    expect(await again.stop()).toBe(0);
  }, 240_000);

  test('--simulate keeps people working', async () => {
    await using files = await openFiles();
    await using running = await start({ DATA_DIR: files.url.slice('file:'.length), GATEWAY_PORT: '0' }, '--simulate');
    await running.ready;
    await running.line(/^410000\S+ accepted for /);
    await running.line(/^410000\S+ startStep by /);
    expect(await running.stop()).toBe(0);
  }, 240_000);

  test('a wrong setting ends it with the name of the setting', async () => {
    await using running = await start({ GATEWAY_PORT: 'four thousand', STORE_URL: 'postgres://x' });
    await expect(running.ready).rejects.toThrow(/GATEWAY_PORT/);
  }, 120_000);
});
