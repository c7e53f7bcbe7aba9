import type { EntityName, FilterQuery, OrderDefinition } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import DataLoader from 'dataloader';
import {
  type CaseRow,
  type CaseStepRow,
  type CertificateRow,
  caseSteps,
  cases,
  certificates,
  type DecisionRow,
  type DeliveryRow,
  decisions,
  deliveries,
  type LimitExtensionRow,
  limitExtensions,
  type SpecialProcedureRow,
  specialProcedures,
} from './store.js';

/** One query per table, however many cases are asked for at once. One set per request. */
export interface CaseLoaders {
  readonly cases: DataLoader<string, CaseRow | null>;
  readonly steps: DataLoader<string, CaseStepRow[]>;
  readonly procedures: DataLoader<string, SpecialProcedureRow[]>;
  readonly extensions: DataLoader<string, LimitExtensionRow | null>;
  readonly decisions: DataLoader<string, DecisionRow | null>;
  readonly certificates: DataLoader<string, CertificateRow | null>;
  readonly deliveries: DataLoader<string, DeliveryRow | null>;
}

export function caseLoaders(em: SqlEntityManager): CaseLoaders {
  return {
    cases: rowLoader(em, cases, 'number'),
    steps: rowsLoader(em, caseSteps, 'caseNumber', { ordinal: 'asc' }),
    procedures: rowsLoader(em, specialProcedures, 'caseNumber', { ordinal: 'asc' }),
    extensions: rowLoader(em, limitExtensions, 'caseNumber'),
    decisions: rowLoader(em, decisions, 'caseNumber'),
    certificates: rowLoader(em, certificates, 'caseNumber'),
    deliveries: rowLoader(em, deliveries, 'caseNumber'),
  };
}

/** Forgets what was loaded of a case, since a move has changed it. */
export function clearCase(loaders: CaseLoaders, number: string): void {
  for (const loader of Object.values(loaders) as CaseLoaders[keyof CaseLoaders][]) loader.clear(number);
}

/** Loads the one row a key has in a table, or null: for tables with a row per case, in extensions too. */
export function rowLoader<T extends object>(
  em: SqlEntityManager,
  table: EntityName<T>,
  key: keyof T & string,
): DataLoader<string, T | null> {
  return new DataLoader(async (keys) => {
    const rows = await find(em, table, key, keys);
    const byKey = new Map(rows.map((row) => [row[key], row]));
    return keys.map((value) => byKey.get(value as T[keyof T & string]) ?? null);
  });
}

/** Loads all rows a key has in a table, in order. */
export function rowsLoader<T extends object>(
  em: SqlEntityManager,
  table: EntityName<T>,
  key: keyof T & string,
  orderBy: OrderDefinition<T>,
): DataLoader<string, T[]> {
  return new DataLoader(async (keys) => {
    const byKey = new Map<unknown, T[]>(keys.map((value) => [value, []]));
    for (const row of await find(em, table, key, keys, orderBy)) byKey.get(row[key])?.push(row);
    return keys.map((value) => byKey.get(value) ?? []);
  });
}

function find<T extends object>(
  em: SqlEntityManager,
  table: EntityName<T>,
  key: string,
  keys: readonly string[],
  orderBy: OrderDefinition<T> = {},
): Promise<T[]> {
  const where = { [key]: { $in: [...keys] } } as FilterQuery<NoInfer<T>>;
  return em.find<T, never, '*'>(table, where, { orderBy, disableIdentityMap: true });
}
