import type { Connection, Pool, PoolConnection } from 'mysql2';
import { ServerProbe } from './server-probe.js';
import { StoreNotAnswering } from './store-fault.js';
import { IDLE_CONNECTION, IDLE_IN_TRANSACTION, LOCK_WAIT, type PoolUse, type StoreLimits } from './store-limits.js';

/**
 * What every connection is set to, whatever the server's defaults are. REPEATABLE READ, on MariaDB without its snapshot
 * isolation, so that both servers mean the same by it: what a transaction has read without a lock it reads again, and
 * what it reads with a lock, or changes, is what is committed by then. See transaction.ts for what that leaves to whoever writes.
 */
const SESSION = [
  'set session transaction isolation level repeatable read',
  `set session time_zone = '+00:00', innodb_lock_wait_timeout = ${LOCK_WAIT}, wait_timeout = ${IDLE_CONNECTION}, sql_mode = concat(@@sql_mode, ',STRICT_TRANS_TABLES,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO')` +
    ` /*M!100303 , idle_transaction_timeout = ${IDLE_IN_TRANSACTION} */ /*M!101108 , innodb_snapshot_isolation = off */`,
];

/** Milliseconds after which a statement that is not answered makes the server suspect, and again while it greets. */
const SUSPECT = 1_000;

/** What mysql2 says of a statement whose limit is over. */
const OVERDUE = 'PROTOCOL_SEQUENCE_TIMEOUT';

type GetConnection = Parameters<Pool['getConnection']>[0];

/** mysql2 keeps them to itself, and offers no other way to know. */
interface PoolInside {
  readonly _allConnections: { readonly length: number };
  readonly _freeConnections: { readonly length: number };
  readonly _connectionQueue: { readonly length: number };
}

/**
 * The connections of one store. mysql2 waits for ever for a free one and for an answer; here both end, so that a database
 * that is gone, or hangs, is told of in bounded time: within four seconds when its server says nothing to anybody, and after
 * the limit for one statement when it is at work on it.
 */
export class MysqlConnections {
  readonly #pool: Pool;

  constructor(pool: Pool, url: string, limits: Pick<StoreLimits, 'acquireTimeout' | 'queryTimeout'>) {
    this.#pool = pool;
    const probe = new ServerProbe(url);
    pool.on('connection', (connection) => prepare(connection, limits.queryTimeout, probe));
    const acquire = pool.getConnection.bind(pool);
    pool.getConnection = (done: GetConnection) => acquire(...within(limits.acquireTimeout, done));
  }

  get use(): PoolUse {
    const { _allConnections, _freeConnections, _connectionQueue } = this.#pool as unknown as PoolInside;
    return { size: _allConnections.length, free: _freeConnections.length, waiting: _connectionQueue.length };
  }
}

type Done = (error: NodeJS.ErrnoException | null, ...rest: unknown[]) => void;

function within(milliseconds: number, done: GetConnection): [GetConnection] {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    done(new StoreNotAnswering('no connection became free in time'), undefined as never);
  }, milliseconds);
  return [
    (error, connection) => {
      clearTimeout(timer);
      if (!late) done(error, connection);
      else if (error === null) connection.release();
    },
  ];
}

function prepare(connection: PoolConnection, queryTimeout: number, probe: ServerProbe): void {
  const query = connection.query.bind(connection) as (...given: unknown[]) => unknown;
  const bounded = (sql: string, values: unknown[], done: Done) => {
    const once = watched(probe, done);
    return query({ sql, timeout: queryTimeout }, values, (error: NodeJS.ErrnoException | null, ...rest: unknown[]) => {
      // the answer may come yet, to a question that nobody asks any more
      if (error?.code === OVERDUE) connection.destroy();
      once(error, ...rest);
    });
  };
  /** Ends the statement for whoever asked when the server greets nobody any more. */
  function watched(server: ServerProbe, done: Done): Done {
    let open = true;
    const end: Done = (...answer) => {
      clearTimeout(timer);
      if (!open) return;
      open = false;
      done(...answer);
    };
    const look = async () => {
      const greets = await server.greets();
      if (!open) return;
      if (greets) {
        timer = setTimeout(() => void look(), SUSPECT);
        return;
      }
      connection.destroy();
      // as when the limit is over: what became of the statement is not known
      end(Object.assign(new Error('the server says nothing any more'), { code: OVERDUE, fatal: true }));
    };
    let timer = setTimeout(() => void look(), SUSPECT);
    return end;
  }
  // sent before anything else that goes over it; one that can't be set is not used
  for (const statement of SESSION) bounded(statement, [], (error) => error !== null && connection.destroy());
  connection.query = bounded as Connection['query'];
}
