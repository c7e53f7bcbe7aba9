import { parseArgs } from 'node:util';
import { type InForce, inForce } from '../../config/in-force.js';
import { examineSettings } from '../../config/read-settings.js';
import { settingsReference } from '../../config/reference.js';
import { ROLES, type Role } from '../../config/setting.js';
import { type Command, UsageError } from './command.js';

const STARTED = [...ROLES, 'system'] as const;

export const configCommand: Command = {
  name: 'config',
  summary: 'prints the settings in force and where each came from, or all there are',
  usage: 'config [--role <role>] [--check] [--json] | config --reference [--language en|zh]',
  help: `Settings come from environment variables, and from the JSON file that ACCEPTANCE_CONFIG names; the environment wins.
Secrets are not shown. What is wrong is listed on standard error.

  --role       what matters to one of: ${STARTED.join(', ')}; system is npm start
  --check      exits with 1 when anything is wrong that would keep it from starting
  --json       as JSON
  --reference  every setting there is, as the Markdown table of the README

  npx acceptance config --role gateway
  ACCEPTANCE_CONFIG=/etc/acceptance.json npx acceptance config --check --role acceptance`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        role: { type: 'string' },
        check: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        reference: { type: 'boolean', default: false },
        language: { type: 'string', default: 'en' },
      },
    });
    if (values.language !== 'en' && values.language !== 'zh') throw new UsageError('--language is en or zh');
    if (values.reference) {
      process.stdout.write(settingsReference(values.language));
      return 0;
    }
    const role = values.role === undefined ? undefined : startedNamed(values.role);
    const examined = examineSettings(process.env, role);
    const settings = inForce(examined, role);
    const { problems } = examined;
    if (values.json) console.log(JSON.stringify({ settings, problems }, null, 2));
    else if (!values.check) console.log(table(settings));
    if (!values.json) for (const problem of problems) console.error(problem);
    return values.check && problems.length > 0 ? 1 : 0;
  },
};

function startedNamed(name: string): Role | 'system' {
  const found = STARTED.find((one) => one === name);
  if (found === undefined) throw new UsageError(`--role is one of ${STARTED.join(', ')}`);
  return found;
}

function table(settings: readonly InForce[]): string {
  const rows = [['setting', 'value', 'from'], ...settings.map(({ name, value = '', from }) => [name, value, from])];
  const [nameWidth = 0, valueWidth = 0] = [0, 1].map((column) => Math.min(60, Math.max(...rows.map((row) => row[column]?.length ?? 0))));
  return rows.map(([name = '', value = '', from]) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${from}`).join('\n');
}
