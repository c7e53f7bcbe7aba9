import { existsSync } from 'node:fs';
import { Tinypool } from 'tinypool';
import type { ComposedSupergraph, CompositionSources } from '../../../../schema/composition/compose.js';
import { CompositionFailed } from '../../../../schema/composition/composition-failed.js';
import type { PublishedDepartment } from '../../../../schema/composition/conformance.js';
import type { ContractProblem } from '../../../../schema/composition/contract-problem.js';
import type { Composer } from './composer.js';
import type { Composed, GraphPair } from './composer-thread.js';
import { inlineComposer } from './inline-composer.js';
import type { SchemaChange } from './schema-changes.js';

/** Milliseconds a thread stays for the next schema. It holds about a hundred megabytes, and schemas change rarely. */
const IDLE = 60_000;

/** The module a thread runs, once it is built. */
const THREAD = new URL('./composer-thread.js', import.meta.url);

/** Composes in a thread; where only sources are, which no thread could load, in the thread that asks. */
export function openComposer(): Composer {
  return existsSync(THREAD) ? new ThreadComposer(THREAD) : inlineComposer();
}

/** Composes in a thread of its own, so that whoever publishes holds up nobody who asks. One at a time, in order. */
export class ThreadComposer implements Composer {
  readonly #pool: Tinypool;

  /** @param thread the compiled module `composer-thread` */
  constructor(thread: URL) {
    this.#pool = new Tinypool({ filename: thread.href, minThreads: 0, maxThreads: 1, idleTimeout: IDLE });
  }

  async compose(sources: CompositionSources): Promise<ComposedSupergraph> {
    const answer = (await this.#pool.run(sources, { name: 'compose' })) as Composed;
    if ('problems' in answer) throw new CompositionFailed(answer.problems);
    return answer.composed;
  }

  conformance(department: PublishedDepartment): Promise<readonly ContractProblem[]> {
    return this.#pool.run(department, { name: 'conformance' }) as Promise<readonly ContractProblem[]>;
  }

  async changes(before: string, after: string): Promise<readonly SchemaChange[]> {
    if (before === after) return [];
    const pair: GraphPair = { before, after };
    return (await this.#pool.run(pair, { name: 'changes' })) as readonly SchemaChange[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy();
  }
}
