import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { connect } from 'node:net';

export interface ServiceOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  /** Where its output goes. */
  readonly logFile: string;
}

/** A server of somebody else's (a database, Redis, nginx) that a test owns, and may kill, freeze and start again. */
export class ServiceProcess implements AsyncDisposable {
  #child: ChildProcess | undefined;

  private constructor(readonly options: ServiceOptions) {}

  static async start(options: ServiceOptions): Promise<ServiceProcess> {
    const service = new ServiceProcess(options);
    await service.start();
    return service;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Whether it has ended, by whomever. */
  get ended(): boolean {
    return this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves once its port takes connections. @throws Error when it ends before. */
  async start(): Promise<void> {
    const { command, args, port, logFile } = this.options;
    const log = createWriteStream(logFile, { flags: 'a' });
    await once(log, 'open');
    // a group of its own: Ctrl-C is for whoever started it, who stops things in order
    const child = spawn(command, [...args], { stdio: ['ignore', log, log], detached: true });
    this.#child = child;
    const ended = new Promise<never>((_, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${command} ended with ${code}; see ${logFile}`)));
    });
    ended.catch(() => {});
    await Promise.race([listens(port), ended]);
  }

  /** Sends a signal that ends it, and waits for the end. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.ended) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGHUP'): void {
    this.#child?.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child?.kill('SIGCONT');
    await this.kill('SIGKILL');
  }
}

async function listens(port: number): Promise<void> {
  for (;;) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
