import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** The numbers of one gateway. Several in one process keep theirs apart. */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'acceptance_' });
  return registry;
}

/** What operations may cost, as estimated before they are run or refused. */
export function costHistogram(registry: Registry): (estimated: number) => void {
  const histogram = new Histogram({
    name: 'acceptance_operation_cost',
    help: 'Estimated cost of operations.',
    buckets: [1, 10, 100, 1_000, 10_000, 100_000],
    registers: [registry],
  });
  return (estimated) => histogram.observe(estimated);
}

/** What could not be put on record, so that operators learn of it. */
export function countLostRecords(registry: Registry, audit: { readonly lost: number }): void {
  let told = 0;
  const lost: Counter = new Counter({
    name: 'acceptance_audit_lost_total',
    help: 'Refusals and mutations that the audit could not record.',
    registers: [registry],
    collect() {
      lost.inc(audit.lost - told);
      told = audit.lost;
    },
  });
}

/** `/metrics` in Prometheus' text format. */
export function registerMetrics(app: FastifyInstance, registry: Registry): void {
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
