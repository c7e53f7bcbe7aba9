/** What the catalogue said of an item, from a moment on. */
export interface ItemVersion {
  /** ISO, UTC. */
  readonly since: string;
  readonly active: boolean;
  /** Null when the item has no review rules. */
  readonly reviewRuleVersion: number | null;
  /** The limits of its steps in working days, by code. */
  readonly steps: Readonly<Record<string, number>>;
}

/** All of it, in order; empty while the item is not known. */
export type ItemHistory = readonly ItemVersion[];

/** The version in force at a moment; of a time before the catalogue knew the item, the first there was. */
export function versionAt(history: ItemHistory, moment: Date): ItemVersion | undefined {
  return history.findLast(({ since }) => new Date(since) <= moment) ?? history[0];
}

/** Every version that was in force between two moments. */
export function versionsBetween(history: ItemHistory, from: Date, to: Date): ItemVersion[] {
  const first = versionAt(history, from);
  return first === undefined ? [] : [first, ...history.filter(({ since }) => new Date(since) > from && new Date(since) <= to)];
}

/** With what the catalogue says now; told twice, or saying nothing new, it changes nothing. */
export function withVersion(history: ItemHistory, version: ItemVersion): ItemHistory {
  const before = history.filter(({ since }) => since < version.since);
  const after = history.filter(({ since }) => since > version.since);
  const last = before.at(-1);
  if (last !== undefined && contentOf(last) === contentOf(version)) return history;
  return [...before, version, ...after];
}

/** Databases give the members of an object back in an order of their own. */
function contentOf({ active, reviewRuleVersion, steps }: ItemVersion): string {
  return JSON.stringify([active, reviewRuleVersion, Object.entries(steps).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
