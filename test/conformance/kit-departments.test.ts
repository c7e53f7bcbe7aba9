import { expect, test } from 'vitest';
import { runConformance } from '../../schema/conformance/index.js';
import { DEPARTMENTS } from '../../subgraphs/departments/index.js';
import { generateInternalKeys } from '../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokenVerifier } from '../../subgraphs/kit/identity/internal-tokens.js';
import { testEnvironment } from '../support/environment.js';
import { tokensOf } from './target.js';

test.for(DEPARTMENTS)('$code keeps the contract', { timeout: 120_000 }, async (known) => {
  const keys = await generateInternalKeys();
  await using department = await known.start(await testEnvironment('memory:', { verifier: createInternalTokenVerifier(keys) }));
  const { url, subscriptionUrl } = department;
  const report = await runConformance({ code: known.code, url, subscriptionUrl, ...(await tokensOf(keys)), timeoutMs: 15_000 });
  expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
});
