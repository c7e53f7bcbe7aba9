import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { AUDIT_STORE, AUDIT_SUFFIX } from '../../../subgraphs/kit/audit/audit-store.js';
import { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';
import type { StoreDefinition } from '../../../subgraphs/kit/store/open-store.js';
import { type StoreAddress, storeAddress } from '../../../subgraphs/kit/store/store-address.js';
import { toldOfStore } from '../../../subgraphs/kit/store/store-fault.js';
import { GATEWAY_NAME } from '../../audit/gateway-audit.js';
import { findSubgraph, SUBGRAPHS } from '../subgraph-table.js';
import { UsageError } from './command.js';

/** A store by the name it has at every address: `acceptance`, `acceptance-audit`. */
export interface NamedStore {
  readonly name: string;
  readonly definition: StoreDefinition;
}

export const STORE_NAMES_HELP = `A store has the name of its subgraph: ${SUBGRAPHS.map(({ name }) => name).join(', ')}; audits have stores of their own:
acceptance-audit, …, gateway-audit. Without names, all that are there. Addresses have the form of STORE_URL:
file:DIRECTORY, mysql://user:password@host:port/prefix, mariadb://…`;

/**
 * The stores of these names, or all that there are at an address.
 * @throws UsageError for a name nobody has, an address of another form, and where nothing is
 */
export async function namedStores(names: readonly string[], url: string): Promise<NamedStore[]> {
  if (names.length > 0) return Promise.all(names.map(storeNamed));
  const found = await namesAt(url);
  const strange: string[] = [];
  const stores: NamedStore[] = [];
  for (const name of found) {
    const store = await findStore(name);
    if (store === undefined) strange.push(name);
    else stores.push(store);
  }
  if (strange.length > 0)
    throw new UsageError(`there are stores of nobody this installation knows: ${strange.join(', ')}. Name those that are meant`);
  if (stores.length === 0) throw new UsageError('there are no stores at that address');
  return stores;
}

/** @throws UsageError when it is none, or is one that nobody else could open */
export function addressAt(option: string, url: string, name: string): StoreAddress {
  let address: StoreAddress;
  try {
    address = storeAddress(url, name);
  } catch {
    throw new UsageError(`${option} is file:DIRECTORY, mysql://user:password@host:port/prefix or mariadb://…`);
  }
  if (address.kind === 'memory') throw new UsageError(`${option}: what is in memory is of one process alone`);
  return address;
}

async function storeNamed(name: string): Promise<NamedStore> {
  const store = await findStore(name);
  if (store !== undefined) return store;
  throw new UsageError(
    `there is no store ${name}; name one of ${SUBGRAPHS.map((one) => one.name).join(', ')}, each also with ${AUDIT_SUFFIX}`,
  );
}

async function findStore(name: string): Promise<NamedStore | undefined> {
  const owner = name.endsWith(AUDIT_SUFFIX) ? name.slice(0, -AUDIT_SUFFIX.length) : name;
  if (owner !== name && owner === GATEWAY_NAME) return { name, definition: AUDIT_STORE };
  const subgraph = await findSubgraph(owner);
  if (subgraph === undefined) return undefined;
  return { name, definition: owner === name ? await subgraph.store() : AUDIT_STORE };
}

async function namesAt(url: string): Promise<string[]> {
  const address = addressAt('the address', url, 'any');
  if (address.kind === 'file') {
    const directory = dirname(address.path);
    const files = existsSync(directory) ? await readdir(directory) : [];
    return files.filter((file) => file.endsWith('.db')).map((file) => file.slice(0, -'.db'.length));
  }
  if (address.kind === 'memory') return [];
  const server = new URL(address.url);
  const prefix = decodeURIComponent(server.pathname.slice(1)).replace(/any$/, '');
  server.pathname = '';
  server.protocol = 'mysql:';
  try {
    const connection = await createConnection({ uri: server.href });
    try {
      const [rows] = await connection.query('select schema_name as name from information_schema.schemata');
      return (rows as { name: string }[])
        .filter(({ name }) => name.startsWith(prefix))
        .map(({ name }) => name.slice(prefix.length).replaceAll('_', '-'));
    } finally {
      await connection.end();
    }
  } catch (error) {
    throw failureOf(error);
  }
}

/** What is told of a store that does not do what is asked, to somebody who can do something about it; never an address. */
export function failureOf(error: unknown): unknown {
  const { errno, code } = error as { errno?: unknown; code?: unknown };
  if (error instanceof CataloguedError) return error;
  if (REFUSED.has(errno))
    return new CataloguedError(
      'STORE_UNAVAILABLE',
      `the database server refuses the user of the address, or what it wants to do (${String(code)})`,
    );
  return toldOfStore(error) ?? error;
}

/** Access denied: to a database, by password, to a command, to a table, without a password. */
const REFUSED: ReadonlySet<unknown> = new Set([1044, 1045, 1227, 1142, 1698]);
