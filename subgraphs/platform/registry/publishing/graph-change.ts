import type { SchemaChange } from '../composing/schema-changes.js';
import type { JudgedChange } from './judge-changes.js';
import type { GraphChange } from './publication-types.js';

/** A change as the graph tells it; one that was kept without its uses has none. */
export function graphChange(change: SchemaChange & Partial<Pick<JudgedChange, 'usedBy'>>): GraphChange {
  const { criticality, message, coordinate, usedBy = [] } = change;
  return { criticality, message, coordinate, usedBy: usedBy.map((use) => ({ ...use, lastSeen: new Date(use.lastSeen) })) };
}
