import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EventFeed } from '../../subgraphs/kit/feed/event-feed.js';
import { openStore } from '../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../subgraphs/kit/store/store-address.js';
import { CATALOG_STORE } from '../../subgraphs/platform/catalog/tables.js';
import { mariadbInstalled, OwnMariaDb } from '../support/own-mariadb.js';
import { DOCKER } from './deployment.js';

const PARTS = ['catalog', 'second'];

describe.skipIf(!mariadbInstalled)(`docker/mysql/backup and restore${mariadbInstalled ? '' : ' (skipped: no mariadbd here)'}`, () => {
  const stack = new AsyncDisposableStack();
  let directory: string;
  let server: OwnMariaDb;
  let backup: string;
  let options: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'acceptance-backup-'));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    server = stack.use(await OwnMariaDb.start(directory, ['log-bin=binlog', 'binlog-format=ROW', 'server-id=1', 'sync-binlog=1']));
    backup = join(directory, 'backup');
    options = join(directory, 'client.cnf');
    await writeFile(options, `[client]\nuser=root\nsocket=${join(server.directory, 'mariadb.sock')}\n`, { mode: 0o600 });
  });
  afterAll(() => stack.disposeAsync());

  const run = (script: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(join(DOCKER, 'mysql', script), [options, backup, ...args], (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  const drop = () => server.administer(...PARTS.map((name) => `drop database if exists acceptance_${name}`));
  /** Tells of things in both stores' feeds. @returns where both feeds end */
  const tell = async (...subjects: string[]): Promise<string[]> => {
    const ends: string[] = [];
    for (const name of PARTS) {
      await using store = await openStore(storeAddress(server.url(), name), CATALOG_STORE);
      const feed = await EventFeed.open(store);
      for (const subject of subjects)
        await feed.transaction(store.fork(), async (_tx, append) =>
          append({ kind: 'SAID', scope: 'drug', subject, payload: { 名: subject }, occurredAt: new Date() }),
        );
      ends.push(await feed.end());
    }
    return ends;
  };
  const told = async (name: string): Promise<string[]> => {
    await using store = await openStore(storeAddress(server.url(), name), CATALOG_STORE);
    return (await (await EventFeed.open(store)).page({}, 100)).map(({ subject }) => subject);
  };
  const place = async (): Promise<string> => {
    const connection = await createConnection({ socketPath: join(server.directory, 'mariadb.sock'), user: 'root' });
    const [rows] = await connection.query('show master status');
    await connection.end();
    const [{ File, Position }] = rows as [{ File: string; Position: number }];
    return `${File}:${Position}`;
  };

  test('bring all stores back to the dump, to a place in the binlogs, and to their end', { timeout: 120_000 }, async () => {
    await tell('a', 'b');
    expect(await run('backup')).toMatchObject({ code: 0, err: '' });
    const ends = await tell('c');
    const good = await place();
    await tell('mistake');
    expect(await run('backup')).toMatchObject({ code: 0, out: expect.stringContaining('2 binlogs since') });
    expect((await run('restore')).err).toContain('is there and has tables');

    await drop();
    expect(await run('restore', good)).toMatchObject({ code: 0, err: '' });
    for (const name of PARTS) expect(await told(name)).toEqual(['a', 'b', 'c']);
    // whoever has read up to there goes on from there
    for (const [index, name] of PARTS.entries()) {
      await using store = await openStore(storeAddress(server.url(), name), CATALOG_STORE);
      expect(await (await EventFeed.open(store)).positionOf(ends[index])).toBe(3);
    }
    await drop();
    expect(await run('restore', 'none')).toMatchObject({ code: 0 });
    expect(await told('second')).toEqual(['a', 'b']);
    await drop();
    expect(await run('restore')).toMatchObject({ code: 0 });
    expect(await told('catalog')).toEqual(['a', 'b', 'c', 'mistake']);

    await drop();
    await appendFile(join(backup, 'stores.sql'), '-- changed\n');
    expect(await run('restore')).toMatchObject({ code: 1, err: expect.stringContaining('stores.sql was changed') });
  });

  test('the documents name the commands there are', async () => {
    for (const file of ['BACKUP.md', 'BACKUP.zh-CN.md']) {
      const text = await readFile(join(DOCKER, file), 'utf8');
      const scripts = new Set([...text.matchAll(/docker\/mysql\/(\w+) \w+\.cnf/g)].map(([, name]) => name));
      expect(scripts).toEqual(new Set(['backup', 'restore']));
      expect(await readdir(join(DOCKER, 'mysql'))).toEqual(expect.arrayContaining([...scripts]));
    }
  });
});
