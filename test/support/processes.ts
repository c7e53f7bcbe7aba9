import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// from the sources in tests, from what is built of them in scripts
const BUILT = import.meta.url.endsWith('.ts') ? '../../dist' : '../..';
const ACCEPTANCE = new URL(`${BUILT}/gateway/main/acceptance.js`, import.meta.url).pathname;

/** One part of the system as a process of its own, built from `dist` (npm test builds it first). */
export class PartProcess implements AsyncDisposable {
  #child: ChildProcess;
  readonly #exited: Promise<void>;
  /** What it logged; printed when a test fails is up to the test. */
  readonly log: string[] = [];

  private constructor(
    readonly args: readonly string[],
    readonly env: Record<string, string>,
    child: ChildProcess,
  ) {
    this.#child = child;
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()));
  }

  url = '';

  /** Resolves once it says where it listens. */
  static async start(args: readonly string[], env: Record<string, string>): Promise<PartProcess> {
    const child = spawn(process.execPath, [ACCEPTANCE, ...args, '--json'], {
      env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const part = new PartProcess(args, env, child);
    createInterface({ input: child.stderr }).on('line', (line) => part.log.push(line));
    const ready = Promise.withResolvers<string>();
    createInterface({ input: child.stdout }).on('line', (line) => ready.resolve(line));
    child.once('exit', (code) =>
      ready.reject(new Error(`${args.join(' ')} ended with ${code} before it listened:\n${part.log.join('\n')}`)),
    );
    part.url = (JSON.parse(await ready.promise) as { url: string }).url;
    return part;
  }

  get port(): string {
    return new URL(this.url).port;
  }

  /** Sends a signal and waits for the end where the signal ends it. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    this.#child.kill(signal);
    await this.#exited;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGCONT');
    await this.kill('SIGKILL');
  }
}

/** Registry, catalogue, acceptance, departments and gateway, each a process, over stores of the test's own. */
export class Topology implements AsyncDisposable {
  readonly parts = new Map<string, PartProcess>();

  private constructor(
    readonly directory: string,
    readonly env: Record<string, string>,
  ) {}

  static async start(departments: readonly string[], storeUrl?: string, more: Record<string, string> = {}): Promise<Topology> {
    const directory = await mkdtemp(join(tmpdir(), 'acceptance-topology-'));
    const topology = new Topology(directory, { DATA_DIR: directory, ...(storeUrl !== undefined && { STORE_URL: storeUrl }), ...more });
    const registry = await topology.subgraph('registry');
    topology.env['REGISTRY_URL'] = registry.url;
    topology.env['CATALOG_URL'] = (await topology.subgraph('catalog')).url;
    topology.env['ACCEPTANCE_URL'] = (await topology.subgraph('acceptance')).url;
    await topology.subgraph('supervision');
    await Promise.all(departments.map((code) => topology.subgraph(code)));
    await topology.gateway();
    return topology;
  }

  /** Starts a subgraph, or starts it again where it was. */
  async subgraph(name: string): Promise<PartProcess> {
    const before = this.parts.get(name);
    const part = await PartProcess.start(['subgraph', name], { ...this.env, ...(before !== undefined && { SUBGRAPH_PORT: before.port }) });
    this.parts.set(name, part);
    return part;
  }

  async gateway(): Promise<PartProcess> {
    const before = this.parts.get('gateway');
    const part = await PartProcess.start(['gateway'], { ...this.env, GATEWAY_PORT: before?.port ?? '0', GATEWAY_REGISTRY_POLL_MS: '100' });
    this.parts.set('gateway', part);
    return part;
  }

  part(name: string): PartProcess {
    const part = this.parts.get(name);
    if (part === undefined) throw new Error(`no part ${name}`);
    return part;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.parts.values()].map((part) => part[Symbol.asyncDispose]()));
    await rm(this.directory, { recursive: true, force: true });
  }
}
