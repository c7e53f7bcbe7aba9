import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { describe, expect, test } from 'vitest';
import type { RunningSubgraph } from '../../../../subgraphs/kit/server/serve-subgraph.js';
import { STORES } from '../../../support/stores.js';
import type { LedgerProcessOptions } from './ledger-process.js';
import { QUICK, WINDOW, World } from './world.js';

const ENTRY = fileURLToPath(new URL('./ledger-process.ts', import.meta.url));

/** The sources as one file, so that nothing has to be built before; inside the package, since it needs what is installed there. */
async function bundled(): Promise<AsyncDisposable & { file: string }> {
  const cache = fileURLToPath(new URL('../../../../node_modules/.cache/', import.meta.url));
  await mkdir(cache, { recursive: true });
  const outDir = await mkdtemp(join(cache, 'ledger-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: ENTRY, outDir, target: 'node24', minify: false, rolldownOptions: { output: { entryFileNames: 'ledger.mjs' } } },
  });
  return { file: join(outDir, 'ledger.mjs'), [Symbol.asyncDispose]: () => rm(outDir, { recursive: true, force: true }) };
}

/** The ledger in a process of its own, which nobody warns before it ends. */
class LedgerProcess implements AsyncDisposable {
  private constructor(
    readonly child: ChildProcess,
    readonly address: Pick<RunningSubgraph, 'name' | 'url' | 'subscriptionUrl'>,
  ) {}

  static async start(world: World, storeUrl: string, file: string): Promise<LedgerProcess> {
    const timing = { ...QUICK, dispatchLease: 300, dispatchPoll: 50, receiveTimeout: 250 };
    const options: LedgerProcessOptions = { storeUrl, keys: world.keys, timing, ...world.startOptions };
    const run = `(await import(${JSON.stringify(pathToFileURL(file).href)})).runLedger(JSON.parse(process.env.LEDGER_PROCESS))`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', run], {
      env: { ...process.env, LEDGER_PROCESS: JSON.stringify(options) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [line] = (await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the ledger ended by itself (${code})`))),
    ])) as [string];
    return new LedgerProcess(child, JSON.parse(line));
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

describe.each(STORES)('a ledger that is killed on $name', ({ skip, open }) => {
  test.skipIf(skip)('has every event once and in order, and hands every case over once', { timeout: 240_000 }, async () => {
    await using program = await bundled();
    await using files = await open();
    await using world = await World.open(files.url);
    // the tables, and what it has to know of departments and items
    await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    await world.acceptance[Symbol.asyncDispose]();

    const steps = 40;
    const told: string[] = [];
    const start = async () => {
      const ledger = await LedgerProcess.start(world, files.url, program.file);
      world.lookAt(ledger.address);
      return ledger;
    };
    let number: string;
    // killed while the department is being handed the case
    {
      await using ledger = await start();
      const calling = Promise.withResolvers<void>();
      drug.beforeReceiving = () => {
        calling.resolve();
        return drug.calls.length === 1 ? ledger.kill() : undefined;
      };
      // the kill may come before the window has its answer; the department has the number all the same
      const answered = world.accepted('drug', WINDOW).catch(() => undefined);
      await calling.promise;
      number = drug.calls[0]?.['number'];
      expect(await answered).toBeOneOf([number, undefined]);
    }
    // killed twice among the events, each time right after one was seen
    for (const after of [8, 24]) {
      await using ledger = await start();
      const watching = world.progress(WINDOW, after, `(caseNumber: "${number}")`);
      while (told.length < after + 5) {
        told.push(`step ${told.length}`);
        drug.tell(number, 'STEP_STARTED', {
          note: told.at(-1),
          step: { code: 's', name: 's', kind: 'DECISION', startedAt: '2026-11-24T01:00:00.000Z' },
        });
      }
      await watching;
      await ledger.kill();
    }
    await using _last = await start();
    while (told.length < steps) {
      told.push(`step ${told.length}`);
      drug.tell(number, 'STEP_STARTED', {
        note: told.at(-1),
        step: { code: 's', name: 's', kind: 'DECISION', startedAt: '2026-11-24T01:00:00.000Z' },
      });
    }
    const events = await world.progress(WINDOW, steps + 2, `(caseNumber: "${number}")`, 'kind note');
    expect(events.slice(0, 1).map(({ kind }) => kind)).toEqual(['ACCEPTED']);
    expect(events.filter(({ kind }) => kind === 'RECEIVED')).toHaveLength(1);
    expect(events.filter(({ kind }) => kind === 'STEP_STARTED').map(({ note }) => note)).toEqual(told);
    const { data } = await world.ask(WINDOW, 'query($number: ID!) { case(number: $number) { timeline { id } } }', { number });
    expect(data?.['case'].timeline).toHaveLength(steps + 2);
    expect(drug.calls.length).toBeGreaterThan(1);
    expect(drug.received.size).toBe(1);
  });
});
