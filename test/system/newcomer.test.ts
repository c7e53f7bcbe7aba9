import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { eventually } from '../support/graph.js';

const ROOT = new URL('../../', import.meta.url).pathname;
const PARTS = ['gateway', 'subgraphs', 'schema', 'package.json', 'tsconfig.json', 'dist'];
const run = promisify(execFile);

/** A clone: the sources, what they were built to, and the packages. */
async function clone() {
  const folder = await mkdtemp(join(tmpdir(), 'acceptance-walk-'));
  for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, LOG_LEVEL: 'warn' };
  const children: ChildProcess[] = [];
  return {
    folder,
    /** Starts something in a terminal of its own; resolves with the first line that matches. */
    async terminal(command: string, args: string[], pattern: RegExp, more: Record<string, string> = {}): Promise<RegExpExecArray> {
      const child = spawn(command, args, { cwd: folder, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      children.push(child);
      const said: string[] = [];
      const found = Promise.withResolvers<RegExpExecArray>();
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          said.push(line);
          const match = pattern.exec(line);
          if (match !== null) found.resolve(match);
        });
      }
      child.once('exit', (code) => found.reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${said.join('\n')}`)));
      return found.promise;
    },
    /** Types one command and waits for its end. */
    async type(...args: string[]): Promise<{ code: number; out: string }> {
      const cli = join(folder, 'dist', 'gateway', 'main', 'acceptance.js');
      try {
        const { stdout } = await run(process.execPath, [cli, ...args], { cwd: folder, env });
        return { code: 0, out: stdout };
      } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, out: stdout + stderr };
      }
    },
    async [Symbol.asyncDispose]() {
      // npm passes no signal on to what it started: the whole group is told
      for (const child of children) {
        if (child.pid === undefined || child.exitCode !== null) continue;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        process.kill(-child.pid, 'SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ask(url: string, query: string): Promise<any> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
  return response.json();
}

test('a newcomer scaffolds a department, starts, checks and publishes it, and asks for its item, while everything runs on', {
  timeout: 240_000,
}, async () => {
  await using copy = await clone();
  const [, graph = ''] = await copy.terminal(process.execPath, ['dist/gateway/main/start.js'], /graph +(http:\S+)/, { GATEWAY_PORT: '0' });
  const began = performance.now();

  const written = await copy.type('department', 'init', 'market', '--name', '河南省市场监督管理局', '--json');
  expect(written).toMatchObject({ code: 0 });
  expect(JSON.parse(written.out).files).toContain('README.md');
  // the README's command with a port that the system chooses, since several walks may be under way on one machine
  const [, url = ''] = await copy.terminal('npm', ['run', 'department', '--', 'market', '--port', '0'], /^market (http:\S+)/);

  expect(await copy.type('department', 'check', 'market')).toMatchObject({ code: 0, out: expect.stringContaining('keeps the contract') });
  expect(await copy.type('department', 'check', 'market', '--url', url)).toMatchObject({ code: 0 });
  const dry = await copy.type('department', 'publish', 'market', '--url', url, '--graph', graph, '--dry-run');
  expect(dry, dry.out).toMatchObject({ code: 0, out: expect.stringContaining('it would be published') });
  expect((await ask(graph, '{ departments { code } }')).data.departments).toHaveLength(3);
  const published = await copy.type('department', 'publish', 'market', '--url', url, '--graph', graph, '--reason', 'our first item');
  expect(published, published.out).toMatchObject({ code: 0, out: expect.stringContaining('market: published') });

  const items = await eventually(async () => {
    const { data } = await ask(
      graph,
      '{ serviceItems(filter: { departmentCode: "market" }) { nodes { name guide { fee promisedDays } } } }',
    );
    const nodes = data?.serviceItems?.nodes as { guide: unknown }[] | undefined;
    return nodes !== undefined && nodes.length > 0 && nodes[0]?.guide != null ? nodes : undefined;
  }, 'the item is offered');
  console.log(`newcomer's walk: ${((performance.now() - began) / 1000).toFixed(1)} s from init to the item`);
  expect(items).toEqual([{ name: '示例许可事项', guide: { fee: '不收费', promisedDays: 10 } }]);
  const fields = await ask(graph, '{ __type(name: "Case") { fields { name } } }');
  expect(fields.data.__type.fields).toContainEqual({ name: 'marketOffice' });

  const history = await copy.type('supergraph', 'history', '--graph', graph);
  expect(history.out).toMatch(/^\* .*cli-department-market: our first item/m);
});
