import { createHash } from 'node:crypto';
import { CataloguedError } from '../errors/catalogued-error.js';

/**
 * A cursor is the feed's id and a position, so that no feed takes another's for its own; and what tells the event that stood
 * there from another one, so that a feed which was set back and went on differently is noticed.
 */
export function encodeCursor(feedId: string, position: number, eventId?: string): string {
  const mark = eventId === undefined ? '' : `:${markOf(eventId)}`;
  return Buffer.from(`${feedId}:${position}${mark}`).toString('base64url');
}

/** What a cursor keeps of the event it was given with. */
export const markOf = (eventId: string): string => createHash('sha256').update(eventId).digest('hex').slice(0, 12);

/** The mark in a cursor; one that was given without an event, or before there were marks, has none. */
export const markIn = (cursor: string): string | undefined => OF_A_FEED.exec(textOf(cursor))?.[3];

const OF_A_FEED = /^([0-9a-f-]{8,36}):(\d{1,15})(?::([0-9a-f]{12}))?$/;
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
