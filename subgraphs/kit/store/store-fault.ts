import { CataloguedError } from '../errors/catalogued-error.js';

/** The store's connections were all in use, or it did not answer. */
export class StoreNotAnswering extends Error {
  override readonly name = 'StoreNotAnswering';
  readonly code = 'store-not-answering';
}

/** The connection broke, or the server went away, before it was used or while it was. */
const LOST: ReadonlySet<unknown> = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNRESET',
  'EPIPE',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'PROTOCOL_ENQUEUE_AFTER_QUIT',
  'PROTOCOL_ENQUEUE_AFTER_DESTROY',
  'ER_SERVER_SHUTDOWN',
  'ER_NORMAL_SHUTDOWN',
  'ER_CONNECTION_KILLED',
]);
const LOST_NUMBERS: ReadonlySet<unknown> = new Set([1053, 1077, 1927, 4031]);
/** It is not there, or takes nobody in. */
const AWAY: ReadonlySet<unknown> = new Set([
  'store-not-answering',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'HANDSHAKE_NO_SSL_SUPPORT',
]);
/** Too many connections, host blocked, access denied, shutting down, lock wait that did not end. */
const AWAY_NUMBERS: ReadonlySet<unknown> = new Set([1040, 1129, 1203, 1205, 1226, 1044, 1045, 1049, 1698]);
/** Read-only by option, in a read-only transaction or mode; disk or table space full. */
const UNWRITABLE_NUMBERS: ReadonlySet<unknown> = new Set([3, 28, 1021, 1030, 1114, 1290, 1792, 1836]);
/** https://sqlite.org/rescode.html: BUSY and LOCKED; PERM, READONLY, IOERR, FULL, CANTOPEN. */
const SQLITE_AWAY: ReadonlySet<number> = new Set([5, 6]);
const SQLITE_UNWRITABLE: ReadonlySet<number> = new Set([3, 8, 10, 13, 14]);

export type StoreFault = 'LOST' | 'AWAY' | 'UNWRITABLE';

/** What is wrong with the store, by an error of its driver; undefined for one that is no fault of the store. */
export function storeFault(error: unknown): StoreFault | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errno, errcode } = error as { code?: unknown; errno?: unknown; errcode?: unknown };
  if (typeof errcode === 'number') {
    // the lower byte says what it is, the rest says more precisely
    const kind = errcode & 0xff;
    if (SQLITE_UNWRITABLE.has(kind)) return 'UNWRITABLE';
    return SQLITE_AWAY.has(kind) ? 'AWAY' : undefined;
  }
  if (LOST.has(code) || LOST_NUMBERS.has(errno)) return 'LOST';
  if (AWAY.has(code) || AWAY_NUMBERS.has(errno)) return 'AWAY';
  if (UNWRITABLE_NUMBERS.has(errno)) return 'UNWRITABLE';
  return undefined;
}

/** What is told of such an error to whoever asked; undefined for one that is no fault of the store. */
export function toldOfStore(error: unknown): CataloguedError | undefined {
  const fault = storeFault(error);
  if (fault === undefined) return undefined;
  if (fault === 'UNWRITABLE')
    return new CataloguedError('STORE_NOT_WRITABLE', 'the store takes no changes at the moment; nothing was changed, try again later');
  return new CataloguedError('STORE_UNAVAILABLE', 'the store does not answer at the moment; try again later');
}
