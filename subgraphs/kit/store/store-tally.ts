import type { Platform } from '@mikro-orm/core';

/** What a store was asked to do by this process. */
export class StoreTally {
  statements = 0;
  committed = 0;
  undone = 0;
  /** Transactions that were run once more after a deadlock. */
  retried = 0;

  /** Counts one statement, as the driver sends it. */
  sent(sql: string): void {
    const word = sql.slice(0, 8).toLowerCase();
    if (word === 'commit') this.committed++;
    else if (word === 'rollback') this.undone++;
    else this.statements++;
  }
}

/** A transaction knows the database it runs on by MikroORM's platform, of which each store has one. */
const TALLIES = new WeakMap<Platform, StoreTally>();

export function tallyOf(platform: Platform): StoreTally {
  let tally = TALLIES.get(platform);
  if (tally === undefined) {
    tally = new StoreTally();
    TALLIES.set(platform, tally);
  }
  return tally;
}
