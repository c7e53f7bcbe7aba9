import type { FastifyInstance } from 'fastify';
import type { Generations } from '../supergraph/generations.js';
import type { SupergraphSource } from '../supergraph/supergraph-source.js';
import type { RequiredWatch } from './required-watch.js';

export interface HealthOptions {
  readonly generations: Pick<Generations, 'current'>;
  readonly source: SupergraphSource;
  readonly draining: () => boolean;
  /** Absent: no subgraph is required. */
  readonly required?: Pick<RequiredWatch, 'down'> | undefined;
}

/** `/health/live`: the process answers. `/health/ready`: it has a schema, takes requests, and the subgraphs it needs answer; 503 otherwise. */
export function registerHealth(app: FastifyInstance, { generations, source, draining, required }: HealthOptions): void {
  app.get('/health/live', async () => ({ live: true }));
  app.get('/health/ready', async (_request, reply) => {
    const { current } = generations;
    const down = required?.down ?? [];
    const ready = current !== undefined && !draining() && down.length === 0;
    return reply.code(ready ? 200 : 503).send({
      ready,
      draining: draining(),
      ...(required !== undefined && { subgraphsDown: down }),
      generation:
        current === undefined ? null : { version: current.generation.version, source: current.origin, since: current.since.toISOString() },
      registry: source.registryReachable === undefined ? null : { reachable: source.registryReachable },
    });
  });
}
