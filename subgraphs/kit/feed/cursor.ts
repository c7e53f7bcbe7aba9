import { CataloguedError } from '../errors/catalogued-error.js';

/** A cursor is the feed's id and a position, so that no feed takes another's for its own. */
export function encodeCursor(feedId: string, position: number): string {
  return Buffer.from(`${feedId}:${position}`).toString('base64url');
}

/** @throws CataloguedError CURSOR_INVALID for what is no cursor, CURSOR_FOREIGN for one of another feed. */
export function decodeCursor(feedId: string, cursor: string): number {
  const match = /^([0-9a-f-]{8,36}):(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match === null) throw new CataloguedError('CURSOR_INVALID', '`after` is no cursor; use one exactly as this feed gave it, or none');
  if (match[1] !== feedId)
    throw new CataloguedError('CURSOR_FOREIGN', '`after` was given by another feed; use a cursor of this one, or none');
  return Number(match[2]);
}
