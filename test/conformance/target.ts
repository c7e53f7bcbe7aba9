import { type ConformanceOptions, expiredTokens } from '../../schema/conformance/index.js';
import { generateInternalKeys, type InternalKeys } from '../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import type { Fault } from './plain-department/faults.js';
import { startPlainDepartment } from './plain-department/plain-department.js';

export type Tokens = Required<Pick<ConformanceOptions, 'authorization' | 'expiredAuthorization'>>;

/** What the suite signs its calls with, from keys of the test's own. */
export async function tokensOf(keys: InternalKeys): Promise<Tokens> {
  const tokens = await createInternalTokens(keys);
  return { authorization: (audience, caller) => tokens.authorization(audience, caller), expiredAuthorization: expiredTokens(keys) };
}

/** A plain department, running, as the suite is pointed at it. */
export interface Target extends AsyncDisposable {
  readonly options: Pick<ConformanceOptions, 'code' | 'url'> & Tokens;
}

export async function plainTarget(...faults: Fault[]): Promise<Target> {
  const keys = await generateInternalKeys();
  const department = await startPlainDepartment(keys, 'archives', ...faults);
  return {
    options: { code: 'archives', url: department.url, ...(await tokensOf(keys)) },
    [Symbol.asyncDispose]: () => department[Symbol.asyncDispose](),
  };
}
