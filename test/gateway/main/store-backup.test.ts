import { appendFile, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { storeBackupCommand, storeRestoreCommand } from '../../../gateway/main/commands/store-backup.js';
import { EventFeed } from '../../../subgraphs/kit/feed/event-feed.js';
import { leases } from '../../../subgraphs/kit/leases/lease-table.js';
import { openStore } from '../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../subgraphs/kit/store/store-address.js';
import { CATALOG_STORE } from '../../../subgraphs/platform/catalog/tables.js';
import { openFiles, type TestStore } from '../../support/stores.js';

describe('store backup and store restore', () => {
  let files: TestStore;
  let folder: string;
  beforeAll(async () => {
    files = await openFiles();
    folder = files.url.slice('file:'.length);
  });
  afterAll(() => files[Symbol.asyncDispose]());
  afterEach(() => vi.restoreAllMocks());

  const said = () => {
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    return lines;
  };
  const open = () => openStore(storeAddress(files.url, 'catalog'), CATALOG_STORE);
  const tell = async (subject: string) => {
    const store = await open();
    const feed = await EventFeed.open(store);
    await feed.transaction(store.fork(), async (_tx, append) =>
      append({ kind: 'SAID', scope: 'drug', subject, payload: {}, occurredAt: new Date() }),
    );
    return store;
  };
  const told = async () => {
    await using store = await open();
    return (await (await EventFeed.open(store)).page({}, 10)).map(({ subject }) => subject);
  };

  test('a store in use is backed up whole, and put back whole; what was there stays beside it', async () => {
    const out = said();
    const backup = join(folder, 'backup');
    {
      await using _inUse = await tell('before');
      expect(await storeBackupCommand.run(['--to', backup, '--store', files.url, '--json'])).toBe(0);
    }
    const { stores } = JSON.parse(out[0] ?? '');
    expect(stores).toEqual({
      catalog: {
        bytes: expect.any(Number),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        migration: CATALOG_STORE.migrations.sqlite.at(-1)?.name,
        feed: { id: expect.any(String), position: 1 },
      },
    });
    for (const name of ['catalog.db', 'backup.json']) expect((await stat(join(backup, name))).mode & 0o777).toBe(0o600);
    await (await tell('after'))[Symbol.asyncDispose]();

    const restore = (...more: string[]) => storeRestoreCommand.run(['--from', backup, '--store', files.url, '--json', ...more]);
    await expect(restore()).rejects.toMatchObject({ code: 'STORE_NOT_EMPTY' });
    await expect(storeBackupCommand.run(['--to', backup, '--store', files.url])).rejects.toMatchObject({ name: 'UsageError' });
    expect(await told()).toEqual(['before', 'after']);
    {
      await using store = await open();
      await store.fork().insert(leases, { name: 'catalog', holder: 'somebody', token: 1, until: Date.now() + 60_000 });
      await expect(restore('--replace')).rejects.toMatchObject({ code: 'STORE_IN_USE' });
      await store.fork().nativeUpdate(leases, {}, { until: 0 });
    }
    expect(await restore('--replace')).toBe(0);
    expect(await told()).toEqual(['before']);
    const { aside } = JSON.parse(out.at(-1) ?? '').stores.catalog;
    expect((await stat(aside)).size).toBeGreaterThan(0);

    const file = join(backup, 'catalog.db');
    await appendFile(file, 'x');
    await expect(restore('--replace')).rejects.toMatchObject({ code: 'STORE_COPY_DIFFERS' });
    await rm(file);
    await expect(restore('--replace')).rejects.toMatchObject({ code: 'STORE_COPY_DIFFERS' });
    expect(await told()).toEqual(['before']);
    expect(await readFile(join(backup, 'backup.json'), 'utf8')).toContain('"takenAt"');
  });

  test.for([
    [storeBackupCommand, [], 'say --to'],
    [storeBackupCommand, ['--to', 'x', '--store', 'mariadb://root@127.0.0.1:1/acceptance', 'drug'], 'docker/BACKUP.md'],
    [storeBackupCommand, ['--to', 'x', '--store', 'file:/nowhere', 'drug'], 'there is no store drug'],
    [storeBackupCommand, ['--to', 'x', '--store', 'file:/nowhere'], 'no stores at that address'],
    [storeRestoreCommand, [], 'say --from'],
    [storeRestoreCommand, ['--from', '/nowhere'], 'is no backup'],
  ] as const)('%o %j is asked wrongly', async ([command, args, message]) => {
    await expect(command.run(args)).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining(message) });
  });
});
