import { setTimeout } from 'node:timers/promises';
import { DeadlockException, LockWaitTimeoutException } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';

const ATTEMPTS = 8;
/** Milliseconds before the second attempt, at most; doubled for each one after it. */
const PAUSE = 4;

/**
 * Runs `work` in one transaction on a fresh view of the store. When the database made it the victim of a deadlock,
 * everything it did is undone and it runs again, after a short pause and up to eight times; so it must do nothing outside `tx`.
 * Isolation is the store's default: serial on SQLite, REPEATABLE READ on MySQL and MariaDB, where a changed row is
 * protected by its version column.
 */
export async function transaction<T>(em: SqlEntityManager, work: (tx: SqlEntityManager) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await em.fork().transactional(async (tx) => work(tx));
    } catch (error) {
      const victim = error instanceof DeadlockException || error instanceof LockWaitTimeoutException;
      if (!victim || attempt === ATTEMPTS) throw error;
      // on SQLite another process holds the file for the length of its transaction, and says so at once
      await setTimeout(Math.random() * PAUSE * 2 ** attempt);
    }
  }
}
