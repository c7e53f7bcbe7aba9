import type { SqlEntityManager } from '@mikro-orm/sql';
import { operationFields, operations, operationUses } from './tables.js';

/** Who used a member of the graph, through which operation. */
export interface FieldUse {
  /** The operation's name, empty for one without. */
  readonly operation: string;
  readonly operationHash: string;
  readonly client: string;
  readonly count: number;
  readonly lastSeen: Date;
}

/** The uses of each coordinate since an instant, most frequent first; a coordinate nobody used has no entry. Three queries. */
export async function usesOf(em: SqlEntityManager, coordinates: readonly string[], since: Date): Promise<Map<string, FieldUse[]>> {
  if (coordinates.length === 0) return new Map();
  const touching = await em.find(operationFields, { coordinate: { $in: [...new Set(coordinates)] } }, { disableIdentityMap: true });
  const hashes = [...new Set(touching.map(({ hash }) => hash))];
  if (hashes.length === 0) return new Map();
  const rows = await em.find(operationUses, { hash: { $in: hashes }, lastSeen: { $gte: since } }, { disableIdentityMap: true });
  const named = await em.find(operations, { hash: { $in: hashes } }, { fields: ['hash', 'name'], disableIdentityMap: true });
  const names = new Map(named.map(({ hash, name }) => [hash, name]));
  const uses = new Map<string, FieldUse[]>();
  for (const { hash, client, count, lastSeen } of rows) {
    const use: FieldUse = { operation: names.get(hash) ?? '', operationHash: hash, client, count, lastSeen };
    for (const { coordinate } of touching.filter((field) => field.hash === hash)) {
      uses.set(coordinate, [...(uses.get(coordinate) ?? []), use]);
    }
  }
  for (const list of uses.values()) list.sort((a, b) => b.count - a.count || (a.client < b.client ? -1 : 1));
  return uses;
}
