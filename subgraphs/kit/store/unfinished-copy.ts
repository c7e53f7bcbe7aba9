import { TableNotFoundException } from '@mikro-orm/core';
import { CataloguedError } from '../errors/catalogued-error.js';
import type { SqlOrm } from './open-store.js';

/** Is there from before the first row is copied into a store until all are known to be there. */
export const MARK_TABLE = 'unfinished_copy';

/**
 * A copy or a restore that was broken off must not pass for a whole store.
 * @throws CataloguedError STORE_UNFINISHED
 */
export async function refuseUnfinished({ em }: SqlOrm): Promise<void> {
  try {
    await em.fork().execute(`select 1 from ${MARK_TABLE}`);
  } catch (error) {
    if (error instanceof TableNotFoundException) return;
    throw error;
  }
  throw new CataloguedError(
    'STORE_UNFINISHED',
    'this store is a copy that was broken off, or is still being made: wait for its end, or make it anew with `acceptance store copy --again`',
  );
}
