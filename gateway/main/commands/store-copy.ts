import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type CopiedStore, type CopyProgress, copyStore } from '../../../subgraphs/kit/store/copy/copy-store.js';
import { type Command, UsageError } from './command.js';
import { addressAt, failureOf, namedStores, STORE_NAMES_HELP } from './named-stores.js';

/** Rows between two lines of progress. */
const LINE_EVERY = 10_000;

export const storeCopyCommand: Command = {
  name: 'store copy',
  summary: 'copies stores between node:sqlite files and MySQL or MariaDB, either way',
  usage: 'store copy [<store>…] --from <url> --to <url> [--again] [--json]',
  help: `Stop every instance that works on the source first: a source that is written to is refused. Targets are made and migrated to
this version, and must be empty. In the end source and target are read again: each table has the same rows and the same
content, or the command fails, and nothing starts on what it leaves behind; --again empties that and begins anew.

${STORE_NAMES_HELP}

Not copied: leases (who leads at this moment), and what lies outside of the stores. Keys (keys/ under DATA_DIR, above all
keys/personal-data.keys: without it what is sealed can't be read), uploads, documents and dossiers (FILES_DIR or the bucket),
and a gateway's last graph (gateway/) stay where they are: keep DATA_DIR, or take them along.

  npx acceptance store copy --from file:data --to mariadb://acceptance:…@db/acceptance
  npx acceptance store copy acceptance acceptance-audit --from mysql://…/acceptance --to file:copy

Exit codes: 0 all is there; 1 it failed; 2 asked wrongly.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        again: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const { from, to, again, json } = values;
    if (from === undefined || to === undefined) throw new UsageError('say --from which address and --to which');
    const stores = (await namedStores(positionals, from)).map(({ name, definition }) => ({
      name,
      definition,
      from: addressAt('--from', from, name),
      to: addressAt('--to', to, name),
    }));
    for (const store of stores) {
      if (store.from.kind === 'file' && !existsSync(store.from.path)) throw new UsageError(`there is no store ${store.name} at --from`);
      if (sameAddress(store.from, store.to)) throw new UsageError('--from and --to are the same');
    }
    const done: Record<string, CopiedStore> = {};
    for (const { name, ...store } of stores) {
      try {
        done[name] = await copyStore({ ...store, again, onProgress: json ? undefined : (progress) => tell(name, progress) });
      } catch (error) {
        console.error(`acceptance: ${name} is not copied${leftTo(done)}`);
        throw failureOf(error);
      }
    }
    if (json) console.log(JSON.stringify({ stores: done }));
    else for (const [name, { tables, notCopied }] of Object.entries(done)) console.log(lineOf(name, tables, notCopied));
    return 0;
  },
};

function lineOf(name: string, tables: CopiedStore['tables'], notCopied: readonly string[]): string {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  return `${name.padEnd(18)} ${Object.keys(tables).length} tables, ${rows} rows, the same in both; not copied: ${notCopied.join(', ')}`;
}

function leftTo(done: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(done);
  return names.length === 0 ? '' : `; done before: ${names.join(', ')}`;
}

function tell(store: string, { step, table, rows, of }: CopyProgress): void {
  if (rows === 0 || (rows < of && (step === 'verified' || rows % LINE_EVERY !== 0))) return;
  console.error(`${store.padEnd(18)} ${table.padEnd(24)} ${step.padEnd(8)} ${rows}${rows === of ? '' : ` of ${of}`}`);
}

function sameAddress(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
