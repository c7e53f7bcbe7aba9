import DataLoader from 'dataloader';
import type { EventFeed } from '../../kit/feed/event-feed.js';
import type { Caller } from '../../kit/identity/caller.js';
import type { Store } from '../../kit/store/open-store.js';
import type { Registrar } from './registrar.js';
import { type DepartmentRow, departments } from './tables.js';

/** What one request, or one event of a subscription, is answered with. */
export interface RegistryContext {
  readonly caller: Caller;
  readonly store: Store;
  readonly feed: EventFeed;
  readonly registrar: Registrar;
  readonly departmentByCode: DataLoader<string, DepartmentRow | null>;
}

export function registryContext(parts: Omit<RegistryContext, 'departmentByCode'>): RegistryContext {
  const departmentByCode = new DataLoader<string, DepartmentRow | null>(async (codes) => {
    const rows = await parts.store.fork().find(departments, { code: { $in: [...codes] } });
    const byCode = new Map(rows.map((row) => [row.code, row]));
    return codes.map((code) => byCode.get(code) ?? null);
  });
  return { ...parts, departmentByCode };
}
