import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { fieldPrefix, isDepartmentCode } from '../../../schema/composition/department-names.js';
import { contractFile } from '../../../schema/composition/package-files.js';
import { findDepartment } from '../../../subgraphs/departments/find-department.js';
import { departmentFiles } from '../scaffold/department-template.js';
import { PLATFORM } from '../subgraph-table.js';
import { type Command, UsageError } from './command.js';

export const departmentInitCommand: Command = {
  name: 'department init',
  summary: 'writes a new department that starts and passes the check',
  usage: 'department init <code> [--name <official name>] [--affiliation PROVINCIAL|CENTRAL] [--port <port>] [--json]',
  help: `Writes subgraphs/departments/<code>/, TypeScript on the kit, with a README that goes on from there. Nothing else is
changed: no list has to name it. The code is lower-case words joined by hyphens.

  npx acceptance department init market --name 河南省市场监督管理局
  npx acceptance department init tax --affiliation CENTRAL --port 4310`,
  async run(args) {
    const text = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { name: text, affiliation: text, port: text, json: { type: 'boolean', default: false } },
    });
    const [code] = positionals;
    if (code === undefined || positionals.length > 1) throw new UsageError('name one new department: `department init market`');
    if (!isDepartmentCode(code) || code.length > 32) {
      throw new UsageError(`"${code}" can't be a department's code: use lower-case words joined by hyphens, such as human-resources`);
    }
    const { name = `河南省${code}局`, affiliation = 'PROVINCIAL', port = String(4300 + (sum(code) % 100)) } = values;
    if (affiliation !== 'PROVINCIAL' && affiliation !== 'CENTRAL')
      throw new UsageError('--affiliation is PROVINCIAL (省直) or CENTRAL (中央驻豫)');
    if (!/^[1-9]\d{0,4}$/.test(port)) throw new UsageError('--port is a number up to 65535');
    if (/['\\\n\r]/.test(name)) throw new UsageError('--name must not have quotes, backslashes or line ends');
    if ((PLATFORM as readonly string[]).includes(code) || code === 'departments')
      throw new UsageError(`${code} is a name of the platform's own`);
    if ((await findDepartment(code)) !== undefined) throw new UsageError(`there is a department ${code} already`);

    const folder = join(dirname(dirname(contractFile())), 'subgraphs', 'departments', code);
    try {
      await mkdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new UsageError(`${folder} is there already; nothing was written`);
    }
    const files = departmentFiles({ code, name, affiliation, port: Number(port) });
    for (const [file, content] of files) await writeFile(join(folder, file), content);
    if (values.json) {
      console.log(JSON.stringify({ code, folder, files: [...files.keys()], port: Number(port) }));
    } else {
      console.log(`subgraphs/departments/${code}: ${[...files.keys()].join(', ')}

It adds the field Case.${fieldPrefix(code)}Office to the graph. Next, in a terminal each:

  npm run department -- ${code} --port ${port}
  npx acceptance department publish ${code} --url http://127.0.0.1:${port}/graphql

subgraphs/departments/${code}/README.md goes on from there.`);
    }
    return 0;
  },
};

/** Spreads departments over ports; the same for the same code. */
function sum(code: string): number {
  return Array.from(code).reduce((total, character) => (total * 31 + character.charCodeAt(0)) % 9973, 7);
}
