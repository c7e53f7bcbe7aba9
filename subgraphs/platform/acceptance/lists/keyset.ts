import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { decodePosition, encodePosition } from '../../../kit/schema/connection.js';

/** How a list is sorted: by an instant, then by a key that no two rows share. */
export interface Keyset {
  /** Names the list and its order, so that a cursor of another is not taken. */
  readonly list: string;
  readonly instant: string;
  readonly key: string;
  readonly direction: 'asc' | 'desc';
}

export function keysetOrder({ instant, key, direction }: Keyset): Record<string, 'asc' | 'desc'> {
  return { [instant]: direction, [key]: direction };
}

export function keysetCursor({ list, instant, key }: Keyset, row: object): string {
  const values = row as Record<string, unknown>;
  return encodePosition(list, [(values[instant] as Date).getTime(), String(values[key])]);
}

/**
 * What comes after a cursor. The first condition says nothing the second does not, but it is what lets the database
 * begin in the middle of its index.
 * @throws CataloguedError CURSOR_INVALID, CURSOR_FOREIGN
 */
export function keysetAfter({ list, instant, key, direction }: Keyset, cursor: string): Record<string, unknown> {
  const [time, last] = decodePosition(list, cursor, 2);
  const at = new Date(typeof time === 'number' ? time : Number.NaN);
  if (Number.isNaN(at.getTime()) || typeof last !== 'string') {
    throw new CataloguedError('CURSOR_INVALID', '`after` is no cursor of a list; use `pageInfo.endCursor` as it was given');
  }
  const [beyond, from] = direction === 'asc' ? ['$gt', '$gte'] : ['$lt', '$lte'];
  return {
    $and: [{ [instant]: { [from]: at } }, { $or: [{ [instant]: { [beyond]: at } }, { [instant]: at, [key]: { [beyond]: last } }] }],
  };
}
