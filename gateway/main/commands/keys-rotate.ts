import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateInternalKeys, openInternalKeys } from '../../../subgraphs/kit/identity/internal-keys.js';
import { readSettings } from '../../config/read-settings.js';
import { internalKeyFile, openExchangeKeys } from '../environment.js';
import { type Command, UsageError } from './command.js';

export const keysRotateCommand: Command = {
  name: 'keys rotate',
  summary: 'puts a new key to use for internal tokens, or for a party of the exchange',
  usage: 'keys rotate internal|<party> [--at-once] [--json]',
  help: `Nothing is restarted: running processes read the file again, and what was signed before stays good for minutes. --at-once is for
a key in wrong hands: what it signed is refused from now on. A party is \`platform\` or a department's code; give its new
<party>.public.json, beside its key under EXCHANGE_KEYS_DIR, to whoever checks its signatures on another machine first.

  npx acceptance keys rotate internal
  npx acceptance keys rotate platform`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { 'at-once': { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    });
    const [what] = positionals;
    if (what === undefined || positionals.length > 1) throw new UsageError('name what to rotate: internal, platform, or a department');
    const settings = readSettings(process.env, 'commands').subgraphs;
    const retiredAt = values['at-once'] ? new Date(0) : new Date();
    let kid: string;
    if (what === 'internal') {
      const made = await generateInternalKeys();
      (await openInternalKeys(internalKeyFile(settings))).rotate(made, retiredAt);
      kid = String(made.privateKey.kid);
    } else {
      const keys = openExchangeKeys(settings);
      if (!existsSync(join(keys.directory, `${what}.json`))) throw new UsageError(`${what} has no key under ${keys.directory}`);
      kid = await keys.rotate(what, retiredAt);
    }
    console.log(values.json ? JSON.stringify({ kid }) : `${kid} signs from now on`);
    return 0;
  },
};
