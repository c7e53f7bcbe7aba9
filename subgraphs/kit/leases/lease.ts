import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Store } from '../store/open-store.js';
import { type Holder, thisProcess } from './holder.js';
import { leases } from './lease-table.js';

/** Thrown inside a transaction whose writer has lost what it acts by: nothing of it is stored. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor(lease: string) {
    super(`the lease ${lease} is another instance's by now`);
  }
}

/** What keeps an instance that was stopped, and others took over from, from acting on. */
export interface Fence {
  /**
   * Comes first in a transaction: until it ends nobody takes over.
   * @throws LeaseLost
   */
  hold(tx: SqlEntityManager): Promise<void>;
}

export interface LeaseOptions {
  readonly store: Store;
  readonly name: string;
  /** Milliseconds after which it is anybody's, unless it is renewed. */
  readonly ttl: number;
  readonly holder?: Holder;
}

const NOW = {
  mysql: 'cast(unix_timestamp(now(3)) * 1000 as signed)',
  sqlite: "cast(unixepoch('subsec') * 1000 as integer)",
} as const;

/**
 * The right to do what one instance at a time may do, kept in the store that the work is done in. Time is the database's.
 * Who loses it may not know yet; so whatever is written by it is written behind {@link Lease.hold}.
 */
export class Lease implements Fence {
  readonly #options: Required<LeaseOptions>;
  readonly #now: string;
  #token: number | undefined;
  /** By this process's monotonic clock, from before the database was asked: never later than the database's. */
  #until = 0;

  constructor(options: LeaseOptions) {
    this.#options = { holder: thisProcess(), ...options };
    this.#now = NOW[options.store.address.dialect];
  }

  /** Whether it is this instance's for all that it knows. */
  get held(): boolean {
    return this.#token !== undefined && performance.now() < this.#until;
  }

  /** Prolongs it, or takes it. @returns whether this instance still has it, has it anew, or somebody else has it */
  async extend(): Promise<'KEPT' | 'TAKEN' | 'ELSEWHERE'> {
    const asked = performance.now();
    const kept = this.#token !== undefined && (await this.#renew(this.#token));
    if (!kept) this.#token = await this.#take();
    if (this.#token === undefined) return 'ELSEWHERE';
    this.#until = asked + this.#options.ttl;
    return kept ? 'KEPT' : 'TAKEN';
  }

  /** Gives it back, so that another instance need not wait until it runs out. */
  async release(): Promise<void> {
    const token = this.#token;
    this.#token = undefined;
    if (token === undefined) return;
    const { store, name } = this.#options;
    await store.fork().nativeUpdate(leases, { name, token }, { until: 0 });
  }

  async hold(tx: SqlEntityManager): Promise<void> {
    const { store, name } = this.#options;
    const token = this.#token ?? -1;
    if (store.address.dialect === 'sqlite') {
      // a write, so that this transaction and no other goes on from here
      if ((await tx.nativeUpdate(leases, { name, token }, { token })) === 0) throw new LeaseLost(name);
      return;
    }
    const rows = await tx.execute<object[]>('select token from lease where name = ? and token = ? lock in share mode', [name, token]);
    if (rows.length === 0) throw new LeaseLost(name);
  }

  async #renew(token: number): Promise<boolean> {
    const { store, name, ttl } = this.#options;
    const sql = `update lease set until = ${this.#now} + ? where name = ? and token = ?`;
    const { affectedRows } = await store.fork().execute<{ affectedRows: number }>(sql, [ttl, name, token], 'run');
    return affectedRows > 0;
  }

  async #take(): Promise<number | undefined> {
    const { store, name, ttl, holder } = this.#options;
    const em = store.fork();
    const read = () =>
      em.execute<{ holder: string; token: number | string; until: number | string; now: number | string }[]>(
        `select holder, token, until, ${this.#now} as now from lease where name = ?`,
        [name],
      );
    let [row] = await read();
    if (row === undefined) {
      await em.upsert(leases, { name, holder: '', token: 0, until: 0 }, { onConflictAction: 'ignore', onConflictFields: ['name'] });
      [row] = await read();
    }
    if (row === undefined) throw new Error(`the lease ${name} has no row`);
    const known = Number(row.token);
    if (Number(row.until) > Number(row.now) && !holder.hasEnded(row.holder)) return undefined;
    // of several that have read the same row, one finds it unchanged
    const sql = `update lease set holder = ?, token = token + 1, until = ${this.#now} + ? where name = ? and token = ?`;
    const { affectedRows } = await em.execute<{ affectedRows: number }>(sql, [holder.id, ttl, name, known], 'run');
    return affectedRows > 0 ? known + 1 : undefined;
  }
}
