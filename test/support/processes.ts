import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePorts } from './free-ports.js';

// from the sources in tests, from what is built of them in scripts
const BUILT = import.meta.url.endsWith('.ts') ? '../../dist' : '../..';
const ACCEPTANCE = new URL(`${BUILT}/gateway/main/acceptance.js`, import.meta.url).pathname;
/** Lines that are kept of what a part logs. */
const KEPT_LINES = 5_000;

/** One part of the system as a process of its own, built from `dist` (npm test builds it first). */
export class PartProcess implements AsyncDisposable {
  #child: ChildProcess;
  readonly #exited: Promise<void>;
  /** What it logged last; printed when a test fails is up to the test. */
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

  /** Resolves once it says where it listens. @param logFile where what it logs is kept as well */
  static async start(args: readonly string[], env: Record<string, string>, logFile?: string): Promise<PartProcess> {
    const child = spawn(process.execPath, [ACCEPTANCE, ...args, '--json'], {
      env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // a group of its own: Ctrl-C is for whoever started it, who stops things in order
      detached: true,
    });
    const part = new PartProcess(args, env, child);
    const file = logFile === undefined ? undefined : createWriteStream(logFile, { flags: 'a' });
    createInterface({ input: child.stderr }).on('line', (line) => {
      file?.write(`${line}\n`);
      if (part.log.push(line) > KEPT_LINES) part.log.shift();
    });
    const ready = Promise.withResolvers<string>();
    createInterface({ input: child.stdout }).on('line', (line) => ready.resolve(line));
    child.once('exit', (code) => {
      file?.end();
      ready.reject(new Error(`${args.join(' ')} ended with ${code} before it listened:\n${part.log.join('\n')}`));
    });
    part.url = (JSON.parse(await ready.promise) as { url: string }).url;
    return part;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get port(): string {
    return new URL(this.url).port;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends a signal and waits for the end where the signal ends it. @returns the exit code; null after a signal */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    this.#child.kill(signal);
    await this.#exited;
    return this.#child.exitCode;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.running) return;
    this.#child.kill('SIGCONT');
    await this.kill('SIGKILL');
  }
}

/** What a topology is made of. */
export interface TopologyPlan {
  /** How many instances of each part; those with the same name share store, keys and addresses. */
  readonly parts: Readonly<Record<string, number>>;
  /** Settings of every part. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings of one part, or of one instance of it. */
  readonly own?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Where keys, embedded stores and logs are; a temporary directory, removed in the end, when left out. */
  readonly directory?: string;
  /** Called when addresses are known, and before anything starts. */
  readonly begun?: (topology: Topology) => void;
}

const NAMED_BY: Readonly<Record<string, string>> = { registry: 'REGISTRY_URL', catalog: 'CATALOG_URL', acceptance: 'ACCEPTANCE_URL' };

/**
 * The parts of the system, each a process, over stores of the test's own. All are started at once: whoever needs another
 * waits for it. A second instance is named `acceptance-2`, `gateway-2`.
 */
export class Topology implements AsyncDisposable {
  readonly parts = new Map<string, PartProcess>();
  /** How often each was started. */
  readonly starts = new Map<string, number>();
  readonly #ports = new Map<string, number>();
  readonly #own: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly #temporary: boolean;

  private constructor(
    readonly directory: string,
    readonly env: Record<string, string>,
    { own = {}, directory: given }: Omit<TopologyPlan, 'parts'>,
  ) {
    this.#own = own;
    this.#temporary = given === undefined;
  }

  /** One of each part of the platform, one of each of these departments, and one gateway. */
  static start(departments: readonly string[], storeUrl?: string, env: Record<string, string> = {}): Promise<Topology> {
    const names = ['registry', 'catalog', 'acceptance', 'supervision', ...departments, 'gateway'];
    return Topology.of({
      parts: Object.fromEntries(names.map((name) => [name, 1])),
      env: { ...(storeUrl !== undefined && { STORE_URL: storeUrl }), ...env },
    });
  }

  static async of(plan: TopologyPlan): Promise<Topology> {
    const directory = plan.directory ?? (await mkdtemp(join(tmpdir(), 'acceptance-topology-')));
    await mkdir(join(directory, 'logs'), { recursive: true });
    const topology = new Topology(directory, { DATA_DIR: directory, ...plan.env }, plan);
    const names = Object.entries(plan.parts).flatMap(([name, count]) => instancesOf(name, count));
    const ports = await freePorts(names.length);
    for (const [index, name] of names.entries()) topology.#ports.set(name, ports[index] ?? 0);
    for (const [name, variable] of Object.entries(NAMED_BY))
      if (plan.parts[name] !== undefined) topology.env[variable] = topology.addresses(name);
    plan.begun?.(topology);
    const started = await Promise.allSettled(names.map((name) => topology.start(name)));
    const failed = started.find((one) => one.status === 'rejected');
    if (failed === undefined) return topology;
    await topology[Symbol.asyncDispose]();
    throw failed.reason;
  }

  get names(): string[] {
    return [...this.#ports.keys()];
  }

  portOf(name: string): number {
    const port = this.#ports.get(name);
    if (port === undefined) throw new Error(`no part ${name}`);
    return port;
  }

  /** The names of all instances of a part. */
  instances(part: string): string[] {
    return this.names.filter((name) => partOf(name) === part);
  }

  /** Where all instances of a part are, as its public address. */
  addresses(part: string): string {
    return this.instances(part)
      .map((name) => `http://127.0.0.1:${this.portOf(name)}/graphql`)
      .join(',');
  }

  /** Starts a part, or starts it again where it was. @param env settings of this start alone */
  async start(name: string, env: Readonly<Record<string, string>> = {}): Promise<PartProcess> {
    const part = partOf(name);
    const port = String(this.portOf(name));
    const many = this.instances(part).length > 1;
    const own = { ...this.#own[part], ...this.#own[name], ...env };
    const logFile = join(this.directory, 'logs', `${name}.log`);
    const started =
      part === 'gateway'
        ? await PartProcess.start(['gateway'], { GATEWAY_REGISTRY_POLL_MS: '100', ...this.env, GATEWAY_PORT: port, ...own }, logFile)
        : await PartProcess.start(
            ['subgraph', part],
            { ...this.env, SUBGRAPH_PORT: port, ...(many && { PUBLIC_URL: this.addresses(part) }), ...own },
            logFile,
          );
    this.parts.set(name, started);
    this.starts.set(name, (this.starts.get(name) ?? 0) + 1);
    return started;
  }

  subgraph(name: string): Promise<PartProcess> {
    return this.start(name);
  }

  gateway(): Promise<PartProcess> {
    return this.start('gateway');
  }

  part(name: string): PartProcess {
    const part = this.parts.get(name);
    if (part === undefined) throw new Error(`no part ${name}`);
    return part;
  }

  /** Stops all of it as an operator would, those who ask before those who are asked. */
  async stop(): Promise<void> {
    const asked = ['registry', 'catalog', 'acceptance'];
    const order = (name: string) => (partOf(name) === 'gateway' ? 0 : asked.includes(partOf(name)) ? 2 : 1);
    for (const step of [0, 1, 2])
      await Promise.all(
        [...this.parts].filter(([name, part]) => order(name) === step && part.running).map(([, part]) => part.kill('SIGTERM')),
      );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.parts.values()].map((part) => part[Symbol.asyncDispose]()));
    if (this.#temporary) await rm(this.directory, { recursive: true, force: true });
  }
}

function instancesOf(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
}

/** `acceptance-2` is an instance of `acceptance`; a department's own name may hold hyphens, but no number. */
export function partOf(name: string): string {
  return name.replace(/-\d+$/, '');
}
