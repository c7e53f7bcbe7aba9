import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mariadbInstalled } from '../support/own-mariadb.js';
import { redisInstalled } from '../support/own-redis.js';

const MAIN = new URL('../../dist/test/topology/main.js', import.meta.url).pathname;
const installed = mariadbInstalled && redisInstalled;

interface Ready {
  readonly gateways: readonly string[];
  readonly parts: readonly { readonly name: string; readonly pid: number }[];
  readonly directory: string;
  readonly tokens: Readonly<Record<string, string>>;
}

describe.skipIf(!installed)(`npm run topology${installed ? '' : ' (skipped: no mariadbd or redis-server here)'}`, () => {
  let child: ChildProcess;
  let ready: Ready;
  beforeAll(async () => {
    child = spawn(process.execPath, [MAIN, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [string];
    ready = JSON.parse(line) as Ready;
  }, 180_000);
  afterAll(() => void child.kill('SIGKILL'));

  test('every part is there, and two of what runs in two', () => {
    expect(ready.parts.map(({ name }) => name)).toEqual([
      'registry',
      'catalog',
      'acceptance',
      'acceptance-2',
      'supervision',
      'drug',
      'drug-2',
      'transport',
      'housing',
      'gateway',
      'gateway-2',
    ]);
  });

  test('each gateway answers whoever has one of the printed tokens, from every department', async () => {
    expect(ready.gateways).toHaveLength(2);
    const query = '{ serviceItems(first: 100) { nodes { departmentCode guide { fee } } } }';
    for (const url of ready.gateways) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${ready.tokens['applicant']}` };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
      const { data, errors } = (await response.json()) as { data: any; errors?: unknown };
      expect(errors).toBeUndefined();
      const answered = data.serviceItems.nodes.filter(({ guide }: { guide: unknown }) => guide !== null);
      expect(new Set(answered.map(({ departmentCode }: { departmentCode: string }) => departmentCode))).toEqual(
        new Set(['drug', 'transport', 'housing']),
      );
    }
  });

  test('Ctrl-C stops every process, and leaves nothing behind', async () => {
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const running = ready.parts.filter(({ pid }) => existsSync(`/proc/${pid}`));
    expect(running).toEqual([]);
    expect(existsSync(ready.directory)).toBe(false);
  });
});
