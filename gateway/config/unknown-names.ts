import { SETTING_NAMES, SETTINGS } from './all-settings.js';
import { OPEN_TELEMETRY_NAMES } from './open-telemetry-names.js';

/** Names that begin so are ours: one that is unknown is a slip, not somebody else's. */
const PREFIXES = [
  'ACCEPTANCE_',
  'AUDIT_',
  'AUTH_',
  'CALENDAR_',
  'EXCHANGE_',
  'FEED_',
  'FILES_',
  'GATEWAY_',
  'OTEL_',
  'PERSONAL_DATA_',
  'STORE_',
  'SUBGRAPH_',
  'SUPERVISION_',
] as const;

const OF_SERVICE_LINK = /_(SERVICE_(HOST|PORT)(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?)$/;

/** Every name that may be set, the files of secrets among them. */
export const KNOWN_NAMES: readonly string[] = SETTING_NAMES.flatMap((name) =>
  SETTINGS[name].secret === undefined ? [name] : [name, fileName(name)],
);

/** The name under which a file is given that holds the value of a secret. */
export function fileName(name: string): string {
  return `${name}_FILE`;
}

export function isOurs(name: string): boolean {
  return PREFIXES.some((prefix) => name.startsWith(prefix)) && !OPEN_TELEMETRY_NAMES.has(name);
}

/** What to tell of a name that nobody knows, with the nearest one that is known. */
export function unknownName(name: string): string {
  if (OF_SERVICE_LINK.test(name))
    return `${name} is no setting; Kubernetes sets it for a Service of that name: run pods with enableServiceLinks: false`;
  const [nearest] = KNOWN_NAMES.map((known) => ({ known, distance: distance(name, known) })).sort((a, b) => a.distance - b.distance);
  const meant = nearest !== undefined && nearest.distance <= Math.max(2, name.length / 4) ? `; did you mean ${nearest.known}?` : '';
  return `${name} is no setting${meant === '' ? '; `npx acceptance config --reference` lists all' : meant}`;
}

/** Letters to insert, delete, change or swap (optimal string alignment). */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const differs = from[i - 1] === to[j - 1] ? 0 : 1;
      const swapped =
        i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(at(previous, j) + 1, at(row, j - 1) + 1, at(previous, j - 1) + differs, swapped));
    }
    before = previous;
    previous = row;
  }
  return at(previous, to.length);
}

const at = (row: readonly number[], index: number): number => row[index] as number;
