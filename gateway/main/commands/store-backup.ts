import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backUpFile, type FileBackup, restoreFile } from '../../../subgraphs/kit/store/backup/file-backup.js';
import { readSettings } from '../../config/read-settings.js';
import { readManifest, writeManifest } from './backup-manifest.js';
import { type Command, UsageError } from './command.js';
import { addressAt, namedStores, STORE_NAMES_HELP } from './named-stores.js';

const OF_FILES = 'is of node:sqlite files. MySQL and MariaDB have tools of their own: docker/BACKUP.md has the commands';

/**
 * Departments before the ledger, so that it knows every case that one of them does; whoever follows the ledger before it, so
 * that it catches up.
 */
const LAST = ['acceptance', 'catalog', 'registry'];

export const storeBackupCommand: Command = {
  name: 'store backup',
  summary: 'backs up node:sqlite stores while they are in use',
  usage: 'store backup [<store>…] --to <directory> [--store <url>] [--json]',
  help: `Each store is written as it is at one moment into one file, a whole store by itself; backup.json beside them has their digests.
The folder must not have a backup already. MySQL and MariaDB are backed up with tools of their own: docker/BACKUP.md.
Keys (keys/ under DATA_DIR) and files (FILES_DIR) are not in it: back them up too, the keys somewhere else than the stores.

${STORE_NAMES_HELP}
Stores are those of STORE_URL, or DATA_DIR; --store gives another address.

  npx acceptance store backup --to /backups/2026-11-25

Exit codes: 0 all are backed up; 1 it failed; 2 asked wrongly.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { to: { type: 'string' }, store: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const { to, json } = values;
    if (to === undefined) throw new UsageError('say --to which directory');
    const url = storesAt(values.store);
    const names = (await namedStores(positionals, url)).map(({ name }) => name).sort(byOrder);
    const missing = names.find((name) => !existsSync(pathOf(url, name)));
    if (missing !== undefined) throw new UsageError(`there is no store ${missing} at that address`);
    if (existsSync(join(to, 'backup.json'))) throw new UsageError(`${to} has a backup already; name another directory`);
    const takenAt = new Date();
    const stores: Record<string, FileBackup> = {};
    for (const name of names) {
      stores[name] = await backUpFile(pathOf(url, name), join(to, `${name}.db`));
      if (!json) console.log(`${name.padEnd(18)} ${stores[name].bytes} bytes, ${stores[name].sha256}`);
    }
    await writeManifest(to, takenAt, stores);
    if (json) console.log(JSON.stringify({ takenAt, stores }));
    return 0;
  },
};

export const storeRestoreCommand: Command = {
  name: 'store restore',
  summary: 'puts node:sqlite stores back from a backup',
  usage: 'store restore [<store>…] --from <directory> [--store <url>] [--replace] [--json]',
  help: `Stop every instance that works on the stores first. Each backup is checked against its digest; a store that is there is
refused, or with --replace put aside (<name>.db.before-<time>), never deleted. Restore what belongs together: what others
have read of a store since the backup is noticed (\`feed status\`), and \`feed reset\` is the way on. To restore into MySQL or
MariaDB, copy: \`store copy --from file:<directory> --to mariadb://…\`.

${STORE_NAMES_HELP.replace('all that are there', 'all of the backup')}
Stores are those of STORE_URL, or DATA_DIR; --store gives another address.

  npx acceptance store restore acceptance acceptance-audit --from /backups/2026-11-25 --replace

Exit codes: 0 all are restored; 1 it failed; 2 asked wrongly.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        store: { type: 'string' },
        replace: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const { from, replace, json } = values;
    if (from === undefined) throw new UsageError('say --from which directory');
    const url = storesAt(values.store);
    const { stores } = await readManifest(from);
    const names = positionals.length === 0 ? Object.keys(stores) : positionals;
    const missing = names.find((name) => stores[name] === undefined);
    if (missing !== undefined) throw new UsageError(`the backup has no ${missing}; it has ${Object.keys(stores).join(', ')}`);
    const restored: Record<string, { aside: string | null }> = {};
    for (const name of names) {
      const expected = stores[name];
      if (expected === undefined) continue;
      const aside = await restoreFile(join(from, `${name}.db`), expected, { store: pathOf(url, name), replace, now: new Date() });
      restored[name] = { aside: aside ?? null };
      if (!json) console.log(`${name.padEnd(18)} restored${aside === undefined ? '' : `; what was there is ${aside} now`}`);
    }
    if (json) console.log(JSON.stringify({ stores: restored }));
    return 0;
  },
};

function storesAt(given: string | undefined): string {
  return given ?? readSettings(process.env, 'commands').subgraphs.storeUrl;
}

function pathOf(url: string, name: string): string {
  const address = addressAt('--store', url, name);
  if (address.kind !== 'file') throw new UsageError(`this ${OF_FILES}`);
  return address.path;
}

function byOrder(one: string, other: string): number {
  const place = (name: string) => LAST.indexOf(name.replace(/-audit$/, ''));
  return place(one) - place(other) || one.localeCompare(other);
}
