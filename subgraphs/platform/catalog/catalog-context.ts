import DataLoader from 'dataloader';
import type { EventFeed } from '../../kit/feed/event-feed.js';
import type { Caller } from '../../kit/identity/caller.js';
import type { Store } from '../../kit/store/open-store.js';
import type { Collector } from './collector.js';
import { type ServiceItemRow, serviceItems } from './tables.js';

/** Which item; its code means something within its department only. */
export interface ItemKey {
  readonly departmentCode: string;
  readonly code: string;
}

/** What one request, or one event of a subscription, is answered with. */
export interface CatalogContext {
  readonly caller: Caller;
  readonly store: Store;
  readonly feed: EventFeed;
  readonly collector: Collector;
  readonly itemByKey: DataLoader<ItemKey, ServiceItemRow | null, string>;
}

export function catalogContext(parts: Omit<CatalogContext, 'itemByKey'>): CatalogContext {
  const itemByKey = new DataLoader<ItemKey, ServiceItemRow | null, string>((keys) => loadItems(parts.store, keys), { cacheKeyFn: idOf });
  return { ...parts, itemByKey };
}

async function loadItems(store: Store, keys: readonly ItemKey[]): Promise<(ServiceItemRow | null)[]> {
  const codes = Map.groupBy(keys, ({ departmentCode }) => departmentCode);
  const wanted = [...codes].map(([departmentCode, ofIt]) => ({ departmentCode, code: { $in: ofIt.map(({ code }) => code) } }));
  const rows = await store.fork().find(serviceItems, { $or: wanted });
  const found = new Map(rows.map((row) => [idOf(row), row]));
  return keys.map((key) => found.get(idOf(key)) ?? null);
}

function idOf({ departmentCode, code }: ItemKey): string {
  return `${departmentCode} ${code}`;
}
