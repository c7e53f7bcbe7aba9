import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { ExchangeKeys } from '../../../../subgraphs/kit/exchange/exchange-keys.js';
import { SIGNATURE_ALGORITHMS } from '../../../../subgraphs/kit/exchange/signature-algorithm.js';
import { generateInternalKeys, openInternalKeys } from '../../../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../../../subgraphs/kit/identity/internal-tokens.js';
import { startRegistry } from '../../../../subgraphs/platform/registry/index.js';
import { testEnvironment } from '../../../support/environment.js';
import { UNASKED } from './registry-fixture.js';

interface KeySet {
  keys: Record<string, unknown>[];
}

describe.each(SIGNATURE_ALGORITHMS)('a registry whose exchange signs by %s', (algorithm) => {
  test('tells anybody the public keys, the new one too once they are rotated, and nothing private', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'public-keys-'));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    const internal = await openInternalKeys(join(directory, 'internal.json'));
    const tokens = await createInternalTokens(internal);
    const exchange = new ExchangeKeys(join(directory, 'exchange'), algorithm);
    const env = await testEnvironment('memory:', { tokens, verifier: createInternalTokenVerifier(internal), exchange });
    const registry = stack.use(await startRegistry(env, { expectedPlatform: [], endpoints: UNASKED }));
    const address = (path: string) => new URL(path, registry.url);
    const read = async (path: string) => (await (await fetch(address(path))).json()) as KeySet;

    // as a department in another language does it: by the address alone
    const keys = createRemoteJWKSet(address('/.well-known/jwks.json'), { cooldownDuration: 0 });
    const subjectOf = async (subject: string) => {
      const authorization = await tokens.authorization('tax', { subject, roles: ['window'], requestId: 'r' });
      const checks = { issuer: 'acceptance', audience: 'tax', algorithms: ['EdDSA'] };
      return (await jwtVerify(authorization.slice('Bearer '.length), keys, checks)).payload.sub;
    };
    expect(await subjectOf('before')).toBe('before');
    internal.rotate(await generateInternalKeys(), new Date());
    expect(await subjectOf('after')).toBe('after');
    expect((await read('/.well-known/jwks.json')).keys).toHaveLength(2);
    // a key in wrong hands is not told any more
    internal.rotate(await generateInternalKeys(), new Date(0));
    expect((await read('/.well-known/jwks.json')).keys).toHaveLength(1);

    const first = await exchange.signingKey('platform');
    await exchange.rotate('platform', new Date());
    const second = await exchange.signingKey('platform');
    const published = await read('/.well-known/exchange/platform.json');
    expect(new Set(published.keys.map(({ kid }) => kid))).toEqual(new Set([first.kid, second.kid]));
    for (const key of [...published.keys, ...(await read('/.well-known/jwks.json')).keys]) expect(key).not.toHaveProperty('d');
  });
});
