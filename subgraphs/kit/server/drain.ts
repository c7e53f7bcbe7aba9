import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/**
 * The time between being told to stop and not listening any more. Whoever is asked then answers as before, says that it is
 * not ready, and asks callers to close their connections, so that they go to another instance and no request meets a
 * connection that closes under it.
 */
export class Drain {
  #active = false;

  /** @param ms milliseconds; 0: it stops at once. */
  constructor(readonly ms: number) {}

  get active(): boolean {
    return this.#active;
  }

  /** Tells of it at every answer of `app` from {@link begin} on. */
  watch(app: FastifyInstance): void {
    app.addHook('onRequest', async (_request, reply) => {
      if (this.#active) reply.header('connection', 'close');
    });
  }

  /** Resolves when the time is over. */
  async begin(): Promise<void> {
    this.#active = true;
    if (this.ms > 0) await setTimeout(this.ms);
  }
}
