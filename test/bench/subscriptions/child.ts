import { type ChildProcess, fork } from 'node:child_process';

/** A process of the benchmark that is asked by name and answers. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #last = 0;
  onEvent: (event: unknown) => void = () => {};

  constructor(module: string, nodeArgs: readonly string[] = []) {
    this.#process = fork(new URL(module, import.meta.url), { execArgv: ['--expose-gc', ...nodeArgs], serialization: 'advanced' });
    this.#process.on('message', (message: { reply?: number; value?: unknown; error?: string; event?: unknown }) => {
      if (message.reply === undefined) {
        this.onEvent(message.event);
        return;
      }
      const waiting = this.#waiting.get(message.reply);
      this.#waiting.delete(message.reply);
      if (message.error === undefined) waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.error));
    });
    this.#process.once('exit', (code) => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(`${module} ended with ${code}`));
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  ask<T>(name: string, argument?: unknown): Promise<T> {
    const call = ++this.#last;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(call, waiting);
    this.#process.send({ call, name, argument });
    return waiting.promise as Promise<T>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.exitCode !== null) return;
    this.#process.kill('SIGKILL');
    await gone;
  }
}

/** The other end: answers with what the named function gives. */
// oxlint-disable-next-line typescript/no-explicit-any -- each function knows its own argument
export function answer(functions: Record<string, (argument: any) => unknown>): (event: unknown) => void {
  process.on('message', (message: { call: number; name: string; argument: unknown }) => {
    const { call, name } = message;
    Promise.resolve(functions[name]?.(message.argument)).then(
      (value) => process.send?.({ reply: call, value }),
      (error: Error) => process.send?.({ reply: call, error: error.stack ?? String(error) }),
    );
  });
  process.once('disconnect', () => process.exit());
  return (event) => process.send?.({ event });
}

export interface Usage {
  /** Seconds of CPU, of all threads. */
  cpu: number;
  /** Bytes after a collection: heap and what it holds outside. */
  heap: number;
  rss: number;
}

export function usage(): Usage {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, heap: heapUsed + external, rss };
}

export const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
