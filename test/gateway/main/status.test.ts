import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../support/graph.js';
import { Topology } from '../../support/processes.js';

const ACCEPTANCE = new URL('../../../dist/gateway/main/acceptance.js', import.meta.url).pathname;
const SECRET = 'a-token-for-metrics-0123456789';

describe('status, with real processes', { timeout: 180_000 }, () => {
  const stack = new AsyncDisposableStack();
  let topology: Topology;

  beforeAll(async () => {
    topology = stack.use(await Topology.start(['drug'], undefined, { METRICS_TOKEN: SECRET }));
  }, 180_000);
  afterAll(() => stack.disposeAsync());

  const type = (args: string[], env: Record<string, string> = {}): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const given = { env: { PATH: process.env['PATH'] ?? '', DATA_DIR: topology.directory, ...env } };
      execFile(process.execPath, [ACCEPTANCE, 'status', ...args], given, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  const all = () =>
    ['gateway', 'registry', 'catalog', 'acceptance', 'supervision', 'drug'].flatMap((name) => ['--url', topology.part(name).url]);
  const json = async (args: string[] = all()) => {
    const { code, out } = await type([...args, '--token', SECRET, '--json']);
    return { code, ...(JSON.parse(out) as { problems: { level: string; where: string; what: string }[]; parts: any[]; redis: unknown }) };
  };

  test('is well when all is, and says who there is', async () => {
    const well = await eventually(async () => {
      const told = await json();
      return told.problems.length === 0 ? told : undefined;
    }, 'all is well');
    expect(well).toMatchObject({ code: 0, redis: null });
    expect(well.parts.map(({ kind, name, ready }) => [kind, name, ready])).toEqual([
      ['gateway', 'gateway', true],
      ...['registry', 'catalog', 'acceptance', 'supervision', 'drug'].map((name) => ['subgraph', name, true]),
    ]);
    const [gateway, , , ledger] = well.parts;
    expect(gateway).toMatchObject({ graph: { version: expect.any(String) }, peers: { acceptance: { up: true, breakersOpen: 0 } } });
    expect(ledger).toMatchObject({
      stores: { main: 'up' },
      registered: 1,
      leads: true,
      feeds: { 'department:drug': { state: 'followed' } },
    });
    const page = await type([...all(), '--token', SECRET]);
    expect(page).toMatchObject({ code: 0, err: '' });
    expect(page.out).toMatch(/^all is well\n/);
    expect(page.out).toMatch(/^ {2}acceptance +department:drug +followed +0\.0 s behind +0 waiting$/m);
    // where parts are named by settings, they need not be named again
    const named = await type([], { ...topology.env, ACCEPTANCE_GRAPH: topology.part('gateway').url });
    expect(named.out).toMatch(/^ {2}catalog +http/m);
  });

  test('says what can not be seen without a token, and that an address is wrong', async () => {
    const blind = await type(['--url', topology.part('acceptance').url]);
    expect(blind.code).toBe(1);
    expect(blind.out).toMatch(/^UNKNOWN acceptance http.*give --token, the METRICS_TOKEN/m);
    const other = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    stack.defer(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const wrong = await type(['--url', `http://127.0.0.1:${port}`, '--url', 'http://127.0.0.1:1/graphql'], {
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain(`DOWN    http://127.0.0.1:${port}: what answers there is no part of the platform`);
    expect(wrong.out).toContain('DOWN    http://127.0.0.1:1: it does not answer');
    expect(wrong.out).toMatch(/^DOWN {4}Redis: /m);
    expect(await type(['--url', 'nonsense'])).toMatchObject({ code: 2, err: expect.stringContaining('is an http:// or https:// address') });
  });

  test('tells of a department that is killed and of a platform subgraph that hangs, first of all', async () => {
    const drug = topology.part('drug').url;
    await topology.part('drug').kill();
    topology.part('supervision').signal('SIGSTOP');
    try {
      const told = await eventually(async () => {
        const now = await json();
        return now.problems.some(({ what }) => what === 'it does not reach supervision, which it needs') ? now : undefined;
      }, 'the gateway has noticed');
      expect(told.code).toBe(1);
      expect(told.problems[0]?.level).toBe('down');
      expect(told.problems).toContainEqual({ level: 'down', where: new URL(drug).origin, what: 'it does not answer (ECONNREFUSED)' });
      expect(told.problems).toContainEqual(expect.objectContaining({ what: 'it does not answer within 3 s' }));
      expect(told.parts[3].feeds['department:drug'].state).toBe('sought');
    } finally {
      topology.part('supervision').signal('SIGCONT');
    }
  });
});
