import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allCommands, COMMANDS } from '../../../gateway/main/commands/index.js';
import { CONTRACT_SDL, departmentSdl } from '../../schema/department-fixture.js';

const ACCEPTANCE = new URL('../../../dist/gateway/main/acceptance.js', import.meta.url).pathname;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acceptance-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Types one command in an empty folder. */
function type(args: string[], env: Record<string, string> = {}): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const given = { cwd: folder, env: { PATH: process.env['PATH'] ?? '', DATA_DIR: join(folder, 'data'), ...env } };
    execFile(process.execPath, [ACCEPTANCE, ...args], given, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

/** A gateway that answers one thing, keeps what it was asked, and serves version def once it has been looked at twice. */
async function graphThatAnswers(answer: unknown) {
  const asked: { authorization: string | undefined; variables: any }[] = [];
  let looks = 0;
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'supergraph-version': ++looks > 1 ? 'def' : 'abc' }).end('{}');
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => void (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ authorization: request.headers.authorization, variables: JSON.parse(body).variables });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    asked,
    looks: () => looks,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const checks = ['CONTRACT', 'COMPOSITION', 'CLIENTS', 'ENDPOINT'].map((kind) => ({ kind, outcome: 'PASSED', problems: [] as object[] }));
const published = (outcome: string, more: object = {}) => ({
  data: { publishDepartment: { outcome, baseVersion: 'abc', checks, changes: [], supergraphVersion: null, ...more } },
});
const WHERE = ['--url', 'http://tax.test/graphql', '--token', 'secret-token'];

describe('acceptance', () => {
  test('may be executed after every build: npx sets that right once only', async () => {
    expect((await stat(ACCEPTANCE)).mode & 0o111).toBe(0o111);
  });

  test('lists its commands, and each explains itself with an example', async () => {
    const { code, out } = await type([]);
    expect(code).toBe(0);
    const commands = await allCommands();
    expect(commands.map(({ name }) => name)).toEqual(Object.keys(COMMANDS));
    for (const { name, help } of commands) {
      expect(out).toContain(name);
      expect(help).toContain(`npx acceptance ${name}`);
    }
    expect(await type(['department', 'publish', '--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--dry-run') });
  });

  test('shows the settings in force, where they came from, and what is wrong, without secrets', async () => {
    const env = { STORE_URL: 'mysql://me:hidden@db/acceptance', GATEWAY_PROT: '4000', PERSONAL_DATA_KEYS: 'hidden' };
    const shown = await type(['config', '--role', 'acceptance'], env);
    expect(shown).toMatchObject({ code: 0, err: expect.stringContaining('GATEWAY_PROT is no setting; did you mean GATEWAY_PORT?') });
    expect(shown.out).toMatch(/^STORE_URL +mysql:\/\/\*\*\*@db\/acceptance +environment$/m);
    expect(shown.out).toMatch(/^PERSONAL_DATA_KEYS +\(set\) +environment$/m);
    expect(shown.out).toMatch(/^LOG_LEVEL +info +default$/m);
    expect(shown.out).not.toContain('GATEWAY_PORT');
    expect(shown.out + shown.err).not.toContain('hidden');
    expect(await type(['config', '--check'], env)).toMatchObject({ code: 1, out: '' });
    expect(await type(['config', '--check'])).toMatchObject({ code: 0, out: '', err: '' });
    expect(await type(['config', '--check', '--role', 'catalog'])).toMatchObject({ code: 1, err: 'catalog needs REGISTRY_URL\n' });
    const { settings, problems } = JSON.parse((await type(['config', '--json'])).out);
    expect(settings).toContainEqual({ name: 'GATEWAY_PORT', value: '4000', from: 'default' });
    expect(problems).toEqual([]);
    expect((await type(['config', '--reference', '--language', 'zh'])).out).toContain('| `GATEWAY_PORT` | `4000` | 网关的端口');
    expect(await type(['config', '--role', 'nobody'])).toMatchObject({ code: 2 });
  });

  test.for([
    [['nonsense']],
    [['department', 'check']],
    [['department', 'check', 'Tax']],
    [['department', 'check', 'tax', '--sdl', 'missing.graphql']],
    [['department', 'check', 'tax', '--sdl', 'a', '--url', 'http://b/']],
    [['department', 'init', '../evil']],
    [['department', 'init', 'drug']],
    [['department', 'init', 'registry']],
    [['department', 'publish', 'tax', '--affiliation', 'NEITHER']],
    [['department', 'publish', 'tax', '--nonsense']],
    [['department', 'publish', 'tax', '--url', 'http://tax.test/graphql']],
    [['supergraph', 'rollback']],
    [['supergraph', 'rollback', 'first', '--token', 'x']],
    [['supergraph', 'diff', '--token', 'x']],
    [['supergraph', 'history', '--graph', 'file:///etc', '--token', 'x']],
  ] as const)('%s is asked wrongly: 2, one line, no stack', async ([args]) => {
    const { code, err } = await type([...args]);
    expect(code).toBe(2);
    expect(err).toMatch(/^acceptance: /);
    expect(err).not.toMatch(/\n +at /);
  });
});

describe('acceptance department check --sdl', () => {
  test('names file, line, member and mend', async () => {
    await writeFile(join(folder, 'good.graphql'), departmentSdl('tax'));
    expect(await type(['department', 'check', 'tax', '--sdl', 'good.graphql'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('keeps the contract'),
    });
    await writeFile(join(folder, 'bad.graphql'), CONTRACT_SDL.replace('outcome: DecisionOutcome!', 'outcome: String'));
    const bad = await type(['department', 'check', 'tax', '--sdl', 'bad.graphql']);
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/bad\.graphql:\d+:\d+ {2}.*Decision\.outcome/);
    const json = await type(['department', 'check', 'tax', '--sdl', 'bad.graphql', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ department: 'tax', passed: false, problems: [{ member: 'Decision.outcome' }] });
  }, 180_000);
});

describe('acceptance department publish', () => {
  test('sends what it was given, and says what became of it', async () => {
    await using graph = await graphThatAnswers(published('PUBLISHED', { supergraphVersion: { number: 7, version: 'def' } }));
    const { code, out, err } = await type([
      'department',
      'publish',
      'tax',
      ...WHERE,
      '--graph',
      graph.url,
      '--reason',
      'a field',
      '--base',
      'abc',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('tax: published; version 7 (def) is in force');
    expect(out).not.toContain('secret-token');
    // it waits until what is typed next finds the new graph
    expect(graph.looks()).toBe(2);
    expect(graph.asked[0]).toMatchObject({
      authorization: 'Bearer secret-token',
      variables: { input: { departmentCode: 'tax', url: 'http://tax.test/graphql', reason: 'a field', baseVersion: 'abc', dryRun: false } },
    });
  });

  test('fails with 1 when it is refused, and tells who uses what would be taken away', async () => {
    const usedBy = [{ client: 'app', operation: 'Open', count: 3, lastSeen: '2026-11-24T02:00:00.000Z' }];
    const problems = [
      { code: 'ALTERED_MEMBER', message: 'It is wrong.', member: 'Case.taxNote', line: 4, column: 2, remedy: 'Write it so.' },
    ];
    await using graph = await graphThatAnswers(
      published('REFUSED', {
        checks: [{ kind: 'CONTRACT', outcome: 'FAILED', problems }],
        changes: [{ criticality: 'BREAKING', message: 'Field taxNote was removed', usedBy }],
      }),
    );
    await writeFile(join(folder, 'tax.graphql'), CONTRACT_SDL);
    const { code, out } = await type(['department', 'publish', 'tax', ...WHERE, '--graph', graph.url, '--sdl', 'tax.graphql']);
    expect(code).toBe(1);
    expect(out).toContain('tax.graphql:4:2  Case.taxNote: It is wrong.\n    Write it so.');
    expect(out).toContain('used by app, Open: 3 times');
    expect((await type(['department', 'publish', 'tax', ...WHERE, '--graph', graph.url, '--json'])).out).toMatch(/^\{"outcome":"REFUSED"/);
  });

  test('fails with 1 and the code when the graph refuses or is not there', async () => {
    await using graph = await graphThatAnswers({ data: null, errors: [{ message: 'check again', extensions: { code: 'CONFLICT' } }] });
    expect(await type(['department', 'publish', 'tax', ...WHERE, '--graph', graph.url])).toMatchObject({
      code: 1,
      err: 'acceptance: check again (CONFLICT)\n',
    });
    const nobody = await type(['supergraph', 'history', '--token', 'x', '--graph', 'http://127.0.0.1:1/graphql']);
    expect(nobody).toMatchObject({ code: 1, err: expect.stringContaining('nothing answers as a graph') });
  });
});

describe('keys that several machines share', () => {
  test('are made once, and in production never by a part itself', async () => {
    const data = join(folder, 'shared');
    const part = { NODE_ENV: 'production', DATA_DIR: data, STORE_URL: 'memory:' };
    const alone = await type(['subgraph', 'registry'], part);
    expect(alone).toMatchObject({ code: 1, err: expect.stringContaining('internal.json is not there') });
    expect(await type(['keys', 'make', 'drug'], part)).toMatchObject({ code: 0 });
    const made = await readFile(join(data, 'keys', 'internal.json'), 'utf8');
    expect(await type(['keys', 'make', 'drug', 'housing'], part)).toMatchObject({ code: 0 });
    expect(await readFile(join(data, 'keys', 'internal.json'), 'utf8')).toBe(made);
    const files = ['drug.json', 'drug.public.json', 'housing.json', 'housing.public.json', 'platform.json', 'platform.public.json'];
    expect((await readdir(join(data, 'keys', 'exchange'))).sort()).toEqual(files);
    expect((await readdir(join(data, 'keys'))).sort()).toEqual(['certificates.json', 'exchange', 'internal.json']);
  });
});
