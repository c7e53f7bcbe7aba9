import 'reflect-metadata';
import type { InternalKeys } from '../../../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../../../subgraphs/kit/identity/internal-tokens.js';
import { startAcceptance } from '../../../../subgraphs/platform/acceptance/index.js';
import type { AcceptanceTiming } from '../../../../subgraphs/platform/acceptance/timing.js';
import { testEnvironment } from '../../../support/environment.js';

/** What the ledger in a process of its own is given, as JSON. */
export interface LedgerProcessOptions {
  storeUrl: string;
  keys: InternalKeys;
  registry: { url: string; subscriptionUrl: string };
  catalog: { url: string; subscriptionUrl: string };
  timing: Partial<AcceptanceTiming>;
}

/** Runs the ledger until the process is killed; says where it is on the first line. */
export async function runLedger(options: LedgerProcessOptions): Promise<void> {
  const { storeUrl, keys, registry, catalog, timing } = options;
  const identity = { verifier: createInternalTokenVerifier(keys), tokens: await createInternalTokens(keys) };
  const { name, url, subscriptionUrl } = await startAcceptance(await testEnvironment(storeUrl, { ...identity, registry }), {
    catalog,
    timing,
  });
  process.stdout.write(`${JSON.stringify({ name, url, subscriptionUrl })}\n`);
}
