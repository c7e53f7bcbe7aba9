import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDepartmentCode } from '../../schema/composition/department-names.js';
import { DEPARTMENTS, type KnownDepartment } from './index.js';

/**
 * A department of this repository: a demonstration one, or one that has a folder here whose `index.js` exports `department`,
 * as `npx acceptance department init` writes it. Undefined when there is none.
 * @throws Error when the folder is there and does not export it.
 */
export async function findDepartment(code: string): Promise<KnownDepartment | undefined> {
  const known = DEPARTMENTS.find((department) => department.code === code);
  // the code becomes part of a path
  if (known !== undefined || !isDepartmentCode(code)) return known;
  const file = join(import.meta.dirname, code, 'index.js');
  if (!existsSync(file)) return undefined;
  const module: unknown = await import(`./${code}/index.js`);
  const { department } = module as { department?: KnownDepartment };
  if (department?.code !== code)
    throw new Error(`subgraphs/departments/${code}/index.ts has to export \`department\` with the code ${code}`);
  return department;
}
