import DataLoader from 'dataloader';
import { type AlertMoveRow, type AlertRow, alertMoves, alerts } from './store/tables.js';
import type { Supervision } from './supervision.js';

/** What one request has read, and reads together. */
export interface Loaders {
  readonly alertById: DataLoader<string, AlertRow | null>;
  readonly alertsOfCase: DataLoader<string, AlertRow[]>;
  readonly movesOf: DataLoader<string, AlertMoveRow[]>;
}

export function createLoaders({ store }: Pick<Supervision, 'store'>): Loaders {
  const em = store.fork();
  const options = { disableIdentityMap: true } as const;
  return {
    alertById: new DataLoader(async (ids) => {
      const found = new Map((await em.find(alerts, { id: { $in: [...ids] } }, options)).map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? null);
    }),
    alertsOfCase: new DataLoader(async (numbers) => {
      const rows = await em.find(
        alerts,
        { caseNumber: { $in: [...numbers] } },
        { ...options, orderBy: { caseNumber: 'asc', place: 'asc', id: 'asc' } },
      );
      const found = Map.groupBy(rows, ({ caseNumber }) => caseNumber);
      return numbers.map((number) => found.get(number) ?? []);
    }),
    movesOf: new DataLoader(async (ids) => {
      const rows = await em.find(alertMoves, { alertId: { $in: [...ids] } }, { ...options, orderBy: { alertId: 'asc', ordinal: 'asc' } });
      const found = Map.groupBy(rows, ({ alertId }) => alertId);
      return ids.map((id) => found.get(id) ?? []);
    }),
  };
}
