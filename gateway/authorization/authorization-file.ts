import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { AuthorizationTable } from './grants.js';

const ROLES = z.record(z.string(), z.array(z.string()));
const TABLE = z.strictObject({ scopes: ROLES.default({}), policies: ROLES.default({}) });

/**
 * Reads `{"scopes": {"<scope>": ["<role>"]}, "policies": {"<policy>": ["<role>"]}}`.
 * @throws CataloguedError CONFIGURATION_INVALID
 */
export async function readAuthorizationFile(file: string): Promise<AuthorizationTable> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw invalid(file, error instanceof SyntaxError ? 'it is no JSON' : 'it can not be read');
  }
  const { data, error } = TABLE.safeParse(content);
  if (data === undefined) throw invalid(file, error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  return data;
}

function invalid(file: string, why: string): CataloguedError {
  return new CataloguedError('CONFIGURATION_INVALID', `GATEWAY_AUTHORIZATION is ${JSON.stringify(file)}: ${why}`);
}
