import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkConformance } from '../../../schema/composition/conformance.js';
import { isDepartmentCode } from '../../../schema/composition/department-names.js';
import { type ConformanceReport, runConformance } from '../../../schema/conformance/index.js';
import { findDepartment } from '../../../subgraphs/departments/find-department.js';
import { loadInternalKeys } from '../../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens } from '../../../subgraphs/kit/identity/internal-tokens.js';
import { readSettings } from '../../config/read-settings.js';
import { type Command, UsageError } from './command.js';
import { findingLines } from './findings.js';

export const departmentCheckCommand: Command = {
  name: 'department check',
  summary: 'says whether a department keeps the contract',
  usage: 'department check <code> [--sdl <file> | --url <http://…/graphql>] [--all] [--seed <n>] [--json]',
  help: `--sdl checks a schema, without asking anybody. --url asks a running endpoint the read-only checks, in seconds; --all asks
every check, which receives synthetic cases: use a test instance. With neither, a department of this repository is checked
by its sources. The calls are signed with the internal keys under DATA_DIR.

  npx acceptance department check market
  npx acceptance department check tax --sdl build/tax.graphql
  npx acceptance department check tax --url http://10.1.2.3:8080/graphql --all --json`,
  async run(args) {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean', default: false } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { url: text, sdl: text, seed: text, all: flag, json: flag },
    });
    const [code] = positionals;
    if (code === undefined || positionals.length > 1 || !isDepartmentCode(code))
      throw new UsageError('name one department: `department check market --url …`');
    if (values.url !== undefined && values.sdl !== undefined) throw new UsageError('give --url or --sdl, not both');
    if (values.url === undefined) return checkSdl(code, values.sdl, values.json);
    if (!/^https?:$/.test(URL.parse(values.url)?.protocol ?? '')) throw new UsageError('--url is an http:// or https:// address');
    if (values.seed !== undefined && !/^\d{1,9}$/.test(values.seed)) throw new UsageError('--seed is a number that a report gave');
    const keys = await loadInternalKeys(join(readSettings(process.env, 'commands').subgraphs.dataDir, 'keys', 'internal.json'));
    const tokens = await createInternalTokens(keys);
    const report = await runConformance({
      code,
      url: values.url,
      authorization: (audience, caller) => tokens.authorization(audience, caller),
      checks: values.all ? 'all' : 'smoke',
      ...(values.seed !== undefined && { seed: Number(values.seed) }),
      onResult: ({ outcome, id, title }) => {
        if (!values.json) console.log(`${outcome.padEnd(8)} ${id.padEnd(36)} ${title.en}`);
      },
    });
    console.log(values.json ? JSON.stringify(report) : endpointVerdict(report));
    return report.passed ? 0 : 1;
  },
};

async function checkSdl(code: string, file: string | undefined, json: boolean): Promise<number> {
  const sdl = file === undefined ? await ownSdl(code) : await readSdl(file);
  const problems = checkConformance({ code, sdl });
  const name = file ?? `${code} (its sources)`;
  if (json) console.log(JSON.stringify({ department: code, passed: problems.length === 0, problems }));
  else if (problems.length === 0) console.log(`${name}: keeps the contract`);
  else
    console.log(
      `${name}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}\n${problems.map((one) => findingLines(one, file)).join('\n')}`,
    );
  return problems.length === 0 ? 0 : 1;
}

/** @throws UsageError */
export async function readSdl(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new UsageError(`${file} can't be read`);
  }
}

async function ownSdl(code: string): Promise<string> {
  const department = await findDepartment(code);
  if (department === undefined)
    throw new UsageError(`this build has no department ${code}; give --sdl or --url (after \`department init\`: npm run build)`);
  return (await department.schema()).sdl;
}

function endpointVerdict({ results, passed, seed }: ConformanceReport): string {
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  const lines = failed.map(({ id, level, reason = '', expected, found, remedy, pointer }) => {
    const shapes = [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean).join(', ');
    return findingLines({ member: pointer, message: `${level} ${id}: ${reason}${shapes === '' ? '' : ` (${shapes})`}`, remedy });
  });
  return [
    ...lines,
    `${passed ? 'it keeps' : 'it does not keep'} the contract: ${results.length} checks, ${failed.length} failed (--seed ${seed})`,
  ].join('\n');
}
