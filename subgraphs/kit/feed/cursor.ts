import { CataloguedError } from '../errors/catalogued-error.js';

/** A cursor is the feed's id and a position, so that no feed takes another's for its own. */
export function encodeCursor(feedId: string, position: number): string {
  return Buffer.from(`${feedId}:${position}`).toString('base64url');
}

const OF_A_FEED = /^([0-9a-f-]{8,36}):(\d{1,15})$/;
/** As kit/schema/connection.ts writes them. */
const OF_A_LIST = /^\["[^"]*"[,\]]/;

const textOf = (cursor: string): string => Buffer.from(cursor, 'base64url').toString('latin1');

/** True for what some feed gave, whichever. */
export const isFeedCursor = (cursor: string): boolean => OF_A_FEED.test(textOf(cursor));

/** @throws CataloguedError CURSOR_INVALID for what is no cursor, CURSOR_FOREIGN for one of another feed or of a list. */
export function decodeCursor(feedId: string, cursor: string): number {
  const text = textOf(cursor);
  if (OF_A_LIST.test(text))
    throw new CataloguedError('CURSOR_FOREIGN', '`after` was given by a list, and no feed; use a cursor of this feed, or none');
  const match = OF_A_FEED.exec(text);
  if (match === null) throw new CataloguedError('CURSOR_INVALID', '`after` is no cursor; use one exactly as this feed gave it, or none');
  if (match[1] !== feedId)
    throw new CataloguedError('CURSOR_FOREIGN', '`after` was given by another feed; use a cursor of this one, or none');
  return Number(match[2]);
}
