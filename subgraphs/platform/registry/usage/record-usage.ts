import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Store } from '../../../kit/store/open-store.js';
import { transaction } from '../../../kit/store/transaction.js';
import { operationFields, operations, operationUses } from './tables.js';

/** What a gateway counted of one operation of one client since its last report. */
export interface ReportedUse {
  readonly hash: string;
  readonly name: string;
  readonly document: string;
  readonly client: string;
  readonly count: number;
  readonly lastSeen: Date;
  readonly coordinates: readonly string[];
}

/** Adds a report to what is known. A report that is lost is missing from the counts, and from nothing else. */
export async function recordUsage(store: Store, uses: readonly ReportedUse[]): Promise<void> {
  await transaction(store.fork(), async (tx) => {
    // in one order everywhere, so that two gateways' reports never wait for each other in a circle
    for (const use of [...uses].sort((a, b) => (a.hash + a.client < b.hash + b.client ? -1 : 1))) await recordUse(tx, use);
  });
}

async function recordUse(tx: SqlEntityManager, { hash, name, document, client, count, lastSeen, coordinates }: ReportedUse): Promise<void> {
  const fields = [...new Set(coordinates)].sort().map((coordinate) => ({ coordinate, hash }));
  await tx.upsert(
    operations,
    { hash, name, document: { text: document }, firstSeen: lastSeen },
    { onConflictAction: 'ignore', onConflictFields: ['hash'] },
  );
  const known = await tx.count(operationFields, { hash });
  // the same document touches other coordinates in another graph: they are added up, so that no use is missed
  if (known !== fields.length && fields.length > 0) {
    await tx.upsertMany(operationFields, fields, { onConflictAction: 'ignore', onConflictFields: ['coordinate', 'hash'] });
  }
  await tx.upsert(
    operationUses,
    { hash, client, count: 0, lastSeen },
    { onConflictAction: 'ignore', onConflictFields: ['hash', 'client'] },
  );
  await tx.execute('update operation_use set `count` = `count` + ? where hash = ? and client = ?', [count, hash, client], 'run');
  await tx.nativeUpdate(operationUses, { hash, client, lastSeen: { $lt: lastSeen } }, { lastSeen });
}

/** Forgets operations that no client has run since an instant. */
export async function forgetUnused(store: Store, before: Date): Promise<void> {
  await transaction(store.fork(), async (tx) => {
    await tx.nativeDelete(operationUses, { lastSeen: { $lt: before } });
    // by the store itself: there may be more operations than a statement takes parameters
    for (const table of ['operation_field', 'operation'])
      await tx.execute(`delete from ${table} where not exists (select 1 from operation_use u where u.hash = ${table}.hash)`, [], 'run');
  });
}
