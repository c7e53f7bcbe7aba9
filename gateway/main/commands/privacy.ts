import { parseArgs } from 'node:util';
import { rekey, sealCounts } from '../../../subgraphs/kit/privacy/rekey.js';
import { SecretFile } from '../../../subgraphs/kit/privacy/secret-source.js';
import { connectStore, type Store } from '../../../subgraphs/kit/store/open-store.js';
import { readSettings } from '../../config/read-settings.js';
import type { SubgraphSettings } from '../../config/subgraph-settings.js';
import { openPersonalDataKeys, secretFile } from '../personal-data-keys.js';
import { type Command, UsageError } from './command.js';
import { storedSubgraphs } from './stored-subgraphs.js';

const STORES_HELP = `Stores are those of STORE_URL and DATA_DIR, as the subgraphs have them; without names, all there are.
Keys are PERSONAL_DATA_KEYS (id:base64,…; the first is the current one), or a file of the same form, one a line:
PERSONAL_DATA_KEYS_FILE, by default keys/personal-data.keys under DATA_DIR. Running subgraphs read the file again when it changes.`;

export const privacyStatusCommand: Command = {
  name: 'privacy status',
  summary: 'counts what each key seals of the personal data at rest',
  usage: 'privacy status [<subgraph>…] [--json]',
  help: `${STORES_HELP}

  npx acceptance privacy status acceptance`,
  async run(args) {
    const { names, json, settings } = asked(args);
    const counts: Record<string, Record<string, number>> = {};
    await eachStore(names, settings, async (name, store) => {
      counts[name] = Object.fromEntries(await sealCounts(store));
    });
    const lines = Object.entries(counts).map(([name, of]) => `${name.padEnd(16)} ${countLine(of)}`);
    console.log(json ? JSON.stringify(counts) : lines.join('\n'));
    return 0;
  },
};

export const privacyRotateCommand: Command = {
  name: 'privacy rotate',
  summary: 'makes a new key for personal data, which running subgraphs put to use',
  usage: 'privacy rotate [--json]',
  help: `For keys in a file. Subgraphs seal what they have anew in the background; nothing is restarted.
${STORES_HELP}

  npx acceptance privacy rotate`,
  async run(args) {
    const { names, json, settings } = asked(args);
    if (names.length > 0) throw new UsageError('privacy rotate takes no names: the key is for all');
    const id = keyFile(settings).addCurrent();
    console.log(json ? JSON.stringify({ current: id }) : `${id} is the current key; \`privacy status\` shows what is sealed with it`);
    return 0;
  },
};

export const privacyRekeyCommand: Command = {
  name: 'privacy rekey',
  summary: 'seals the personal data at rest with the current key',
  usage: 'privacy rekey [<subgraph>…] [--json]',
  help: `Running subgraphs do it by themselves; this does it now. It may run beside them, be stopped, and be run again.
${STORES_HELP}

  npx acceptance privacy rekey acceptance drug

Exit codes: 0 all is sealed with the current key; 1 something needs a key that is not configured; 2 asked wrongly.`,
  async run(args) {
    const { names, json, settings } = asked(args);
    const done: Record<string, { rows: number; unreadable: number }> = {};
    await eachStore(names, settings, async (name, store) => {
      done[name] = await rekey(store);
    });
    const lines = Object.entries(done).map(
      ([name, { rows, unreadable }]) =>
        `${name.padEnd(16)} ${rows} rows sealed anew${unreadable > 0 ? `, ${unreadable} left: their key is not configured` : ''}`,
    );
    console.log(json ? JSON.stringify(done) : lines.join('\n'));
    return Object.values(done).some(({ unreadable }) => unreadable > 0) ? 1 : 0;
  },
};

export const privacyRetireCommand: Command = {
  name: 'privacy retire',
  summary: 'forgets the keys that seal nothing any more',
  usage: 'privacy retire [--json]',
  help: `For keys in a file. It looks into every store of STORE_URL first: a key that seals anything stays, and so do all while anything
is unreadable. Backups that are older need the keys they were made with: keep them with the backups.
${STORES_HELP}

  npx acceptance privacy retire`,
  async run(args) {
    const { names, json, settings } = asked(args);
    if (names.length > 0) throw new UsageError('privacy retire takes no names: a key is for all');
    const used = new Set<string>();
    await eachStore([], settings, async (_name, store) => {
      for (const id of (await sealCounts(store)).keys()) used.add(id);
    });
    const keys = openPersonalDataKeys(settings);
    const useless = used.has('unknown') ? [] : keys.ids.filter((id) => id !== keys.currentId && !used.has(id));
    keyFile(settings).remove(useless);
    console.log(json ? JSON.stringify({ retired: useless }) : `retired: ${useless.join(', ') || 'none'}`);
    return 0;
  },
};

function asked(args: readonly string[]): { names: string[]; json: boolean; settings: SubgraphSettings } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  return { names: positionals, json: values.json, settings: readSettings(process.env, 'commands').subgraphs };
}

function keyFile(settings: SubgraphSettings): SecretFile {
  if (settings.personalDataKeys !== undefined)
    throw new UsageError('PERSONAL_DATA_KEYS is set: put a new key first there, and start the subgraphs anew one by one');
  return new SecretFile(secretFile(settings));
}

async function eachStore(
  names: readonly string[],
  settings: SubgraphSettings,
  work: (name: string, store: Store) => Promise<void>,
): Promise<void> {
  const keys = openPersonalDataKeys(settings);
  for (const { subgraph, address } of await storedSubgraphs(names, settings)) {
    const definition = await subgraph.personalStore?.();
    if (definition === undefined) continue;
    await using store = await connectStore(address, definition, keys);
    await work(subgraph.name, store);
  }
}

function countLine(counts: Record<string, number>): string {
  const entries = Object.entries(counts);
  return entries.length === 0 ? 'nothing' : entries.map(([id, n]) => `${id} ${n}`).join(', ');
}
