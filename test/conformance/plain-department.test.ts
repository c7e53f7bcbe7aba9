import { expect, test } from 'vitest';
import { expiredTokens, runConformance } from '../../schema/conformance/index.js';
import { generateInternalKeys } from '../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import { startPlainDepartment } from './plain-department/plain-department.js';

test('a department without the kit keeps the contract', async () => {
  const keys = await generateInternalKeys();
  await using department = await startPlainDepartment(keys, 'archives');
  const tokens = await createInternalTokens(keys);
  const report = await runConformance({
    code: 'archives',
    url: department.url,
    authorization: tokens.authorization,
    expiredAuthorization: expiredTokens(keys),
  });
  expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  expect(report.passed).toBe(true);
});
