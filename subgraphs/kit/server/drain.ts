import { Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/**
 * The time between being told to stop and not listening any more. Whoever is asked then answers as before, says that it is
 * not ready, and asks callers to close their connections, so that they go to another instance and no request meets a
 * connection that closes under it. In the end it takes no new connections, and still answers on those it has: a balancer
 * may be sending on one of them just then.
 */
export class Drain {
  #active = false;

  /**
   * @param ms milliseconds; 0: it stops at once.
   * @param lingerMs milliseconds after these in which it answers on connections it has
   */
  constructor(
    readonly ms: number,
    readonly lingerMs: number = Math.min(ms, 1_000),
  ) {}

  get active(): boolean {
    return this.#active;
  }

  /** Tells of it at every answer of `app` from {@link begin} on. */
  watch(app: FastifyInstance): void {
    app.addHook('onRequest', async (_request, reply) => {
      if (this.#active) reply.header('connection', 'close');
    });
  }

  /** Resolves when the time is over. `server` listens no more then, and is still to be closed. */
  async begin(server: Server): Promise<void> {
    this.#active = true;
    if (this.ms > 0) await setTimeout(this.ms);
    // an HTTP server's own close would end idle connections, on one of which a request may be coming
    Server.prototype.close.call(server);
    if (this.lingerMs > 0) await setTimeout(this.lingerMs);
  }
}
