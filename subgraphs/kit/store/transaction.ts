import { setTimeout } from 'node:timers/promises';
import { DeadlockException, LockWaitTimeoutException } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { CataloguedError } from '../errors/catalogued-error.js';
import { storeFault } from './store-fault.js';
import { tallyOf } from './store-tally.js';

const ATTEMPTS = 8;
/** Milliseconds before the second attempt, at most; doubled for each one after it. */
const PAUSE = 4;
/** Milliseconds after which no further attempt begins. */
const PATIENCE = 15_000;

/** The connection broke while the commit was under way: the change is made, or it is not. */
export class CommitUnknown extends CataloguedError {
  constructor() {
    super('OUTCOME_UNKNOWN', 'the store broke off while it took the change in: read whether it was made before you repeat it');
  }
}

/**
 * Runs `work` in one transaction on a fresh view of the store. When the database made it the victim of a deadlock, or the
 * connection broke before the commit, everything it did is undone and it runs again, after a short pause and up to eight
 * times; so it must do nothing outside `tx`.
 *
 * Isolation is serial on SQLite, and REPEATABLE READ on MySQL and MariaDB, which is set on every connection. It excludes dirty
 * reads, and reads without a lock that change in the course of the transaction. It does not exclude that two transactions
 * change the same row after both have read it, or decide on rows that the other one changes: a row that is changed has a
 * version column, or is locked first and read afterwards. All instances use one primary, so whoever has committed finds it
 * in the next read, in whichever instance.
 *
 * @throws CommitUnknown
 */
export async function transaction<T>(em: SqlEntityManager, work: (tx: SqlEntityManager) => Promise<T>): Promise<T> {
  const begun = performance.now();
  for (let attempt = 1; ; attempt++) {
    let committing = false;
    try {
      return await em.fork().transactional(async (tx) => {
        const done = await work(tx);
        await tx.flush();
        committing = true;
        return done;
      });
    } catch (error) {
      const fault = storeFault(error);
      if (committing && (fault === 'LOST' || timedOut(error))) throw new CommitUnknown();
      const again = error instanceof DeadlockException || error instanceof LockWaitTimeoutException || fault === 'LOST';
      if (!again || attempt === ATTEMPTS || performance.now() - begun > PATIENCE) throw error;
      tallyOf(em.getPlatform()).retried++;
      // on SQLite another process holds the file for the length of its transaction, and says so at once
      await setTimeout(Math.random() * PAUSE * 2 ** attempt);
    }
  }
}

const timedOut = (error: unknown) => (error as { code?: unknown }).code === 'PROTOCOL_SEQUENCE_TIMEOUT';
