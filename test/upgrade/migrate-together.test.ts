import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingStatements } from '../../subgraphs/kit/store/missing-statements.js';
import { connectStore, type StoreDefinition } from '../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../subgraphs/kit/store/store-address.js';
import { LEDGER_STORE } from '../../subgraphs/platform/acceptance/store/definition.js';
import { CATALOG_STORE } from '../../subgraphs/platform/catalog/tables.js';
import { eventually } from '../support/graph.js';
import { PartProcess } from '../support/processes.js';
import { STORES, type TestStore } from '../support/stores.js';

const ACCEPTANCE = new URL('../../dist/gateway/main/acceptance.js', import.meta.url).pathname;
const mariadb = STORES.find(({ name }) => name.startsWith('MariaDB')) as (typeof STORES)[number];

describe.skipIf(mariadb.skip)(`processes that migrate one ${mariadb.name}`, { timeout: 120_000 }, () => {
  const stack = new AsyncDisposableStack();
  let files: TestStore;
  let server: Connection;
  let env: Record<string, string>;

  beforeAll(async () => {
    files = stack.use(await mariadb.open());
    const directory = await mkdtemp(join(tmpdir(), 'acceptance-migrate-'));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    // nobody else is there: a subgraph needs its own store alone to serve
    const nobody = 'http://127.0.0.1:1/graphql';
    env = { STORE_URL: files.url, DATA_DIR: directory, REGISTRY_URL: nobody, CATALOG_URL: nobody };
    server = await createConnection(new URL('/', files.url.replace(/^mariadb:/, 'mysql:')).href);
    stack.defer(() => server.end());
  });
  afterAll(() => stack.disposeAsync());

  const database = (name: string) => `${new URL(files.url).pathname.slice(1)}_${name}`;
  const namesIn = async (name: string): Promise<string[]> => {
    const [rows] = await server.query(`select name from \`${database(name)}\`.mikro_orm_migrations order by id`);
    return (rows as { name: string }[]).map((row) => row.name);
  };
  const whole = async (name: string, definition: StoreDefinition) => {
    expect(await namesIn(name)).toEqual(definition.migrations.mysql.map((migration) => migration.name));
    await using store = await connectStore(storeAddress(files.url, name), definition);
    expect(await missingStatements(store)).toEqual([]);
  };
  const ready = async ({ url }: PartProcess) => (await fetch(new URL('/health/ready', url))).status;

  test('three that start together migrate it once, and all of them serve', async () => {
    const parts = await Promise.all([1, 2, 3].map(() => PartProcess.start(['subgraph', 'catalog'], env)));
    for (const part of parts) stack.use(part);
    expect(await Promise.all(parts.map(ready))).toEqual([200, 200, 200]);
    await whole('catalog', CATALOG_STORE);
  });

  test('where one is killed in the middle of it, the next one goes on', async () => {
    const first = spawn(process.execPath, [ACCEPTANCE, 'subgraph', 'acceptance', '--json'], {
      env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'silent', ...env },
      stdio: 'ignore',
    });
    const all = LEDGER_STORE.migrations.mysql.length;
    await eventually(async () => {
      try {
        const [rows] = await server.query(
          `select name, done from \`${database('acceptance')}\`.migration_step where name = '20261124-ledger'`,
        );
        const [{ done } = { done: 0 }] = rows as { done: number }[];
        return done >= 5 ? true : undefined;
      } catch {
        return undefined;
      }
    }, 'it is in the middle');
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect((await namesIn('acceptance')).length).toBeLessThan(all);

    const second = stack.use(await PartProcess.start(['subgraph', 'acceptance'], env));
    expect(await ready(second)).toBe(200);
    await whole('acceptance', LEDGER_STORE);
  });
});
