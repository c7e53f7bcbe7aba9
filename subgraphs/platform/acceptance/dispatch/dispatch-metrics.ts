import type { Counter, Registry } from 'prom-client';
import { counterOf, readGauge, shared } from '../../../kit/observability/instruments.js';
import type { DispatchQueue } from './dispatch-queue.js';
import type { AttemptOutcome } from './dispatcher.js';

/** What `/metrics` tells of cases on their way to departments: the backlog is the store's, attempts are this process's. */
export class DispatchMetrics {
  readonly #attempts: Counter<'department' | 'outcome'>;

  constructor(registry: Registry, queue: DispatchQueue) {
    this.#attempts = counterOf(registry, 'acceptance_dispatch_attempts_total');
    const backlog = shared(() => queue.backlog());
    readGauge(registry, 'acceptance_dispatch_waiting', async () =>
      (await backlog()).map(({ departmentCode, waiting }) => [{ department: departmentCode }, waiting] as const),
    );
    readGauge(registry, 'acceptance_dispatch_refused', async () =>
      (await backlog()).map(({ departmentCode, refused }) => [{ department: departmentCode }, refused] as const),
    );
    readGauge(registry, 'acceptance_dispatch_oldest_seconds', async () =>
      (await backlog()).map(
        ({ departmentCode, oldest }) => [{ department: departmentCode }, Math.max(0, Date.now() - oldest.getTime()) / 1_000] as const,
      ),
    );
  }

  attempted(departmentCode: string, outcome: AttemptOutcome): void {
    this.#attempts.inc({ department: departmentCode, outcome });
  }
}
