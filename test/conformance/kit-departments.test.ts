import { expect, test } from 'vitest';
import { expiredTokens, runConformance } from '../../schema/conformance/index.js';
import { DEPARTMENTS } from '../../subgraphs/departments/index.js';
import { generateInternalKeys } from '../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../subgraphs/kit/identity/internal-tokens.js';
import { testEnvironment } from '../support/environment.js';

test.for(DEPARTMENTS)('$code keeps the contract', { timeout: 120_000 }, async ({ code, start }) => {
  const keys = await generateInternalKeys();
  const tokens = await createInternalTokens(keys);
  const env = await testEnvironment('memory:', { verifier: createInternalTokenVerifier(keys), tokens });
  await using department = await start(env);
  const { url, subscriptionUrl } = department;
  const expiredAuthorization = expiredTokens(keys);
  const report = await runConformance({
    code,
    url,
    subscriptionUrl,
    authorization: tokens.authorization,
    expiredAuthorization,
    timeoutMs: 15_000,
  });
  expect(
    report.results
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ id, outcome, reason, expected, found }) => ({ id, outcome, reason, expected, found })),
  ).toEqual([]);
});
