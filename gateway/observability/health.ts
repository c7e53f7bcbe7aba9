import type { FastifyInstance } from 'fastify';
import type { Generations } from '../supergraph/generations.js';
import type { SupergraphSource } from '../supergraph/supergraph-source.js';

export interface HealthOptions {
  readonly generations: Pick<Generations, 'current'>;
  readonly source: SupergraphSource;
  readonly draining: () => boolean;
}

/** `/health/live`: the process answers. `/health/ready`: it has a schema and takes requests; 503 otherwise. */
export function registerHealth(app: FastifyInstance, { generations, source, draining }: HealthOptions): void {
  app.get('/health/live', async () => ({ live: true }));
  app.get('/health/ready', async (_request, reply) => {
    const { current } = generations;
    const ready = current !== undefined && !draining();
    return reply.code(ready ? 200 : 503).send({
      ready,
      draining: draining(),
      generation:
        current === undefined ? null : { version: current.generation.version, source: current.origin, since: current.since.toISOString() },
      registry: source.registryReachable === undefined ? null : { reachable: source.registryReachable },
    });
  });
}
