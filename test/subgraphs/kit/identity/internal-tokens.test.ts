import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { generateInternalKeys, loadInternalKeys, openInternalKeys } from '../../../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../../../subgraphs/kit/identity/internal-tokens.js';
import { openFiles } from '../../../support/stores.js';

const keys = await generateInternalKeys();
const verifier = createInternalTokenVerifier(keys);
const caller = { subject: 'p-1', roles: ['window'], requestId: 'r-1' };
const rejected = { code: 'INTERNAL_TOKEN_REJECTED', message: 'this subgraph answers the gateway and the platform only' };

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function forged(claims: Record<string, unknown>, { issuer = 'acceptance', audience = 'drug', expires = '1m' } = {}): Promise<string> {
  const key = await importJWK(keys.privateKey, 'EdDSA');
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(expires)
    .sign(key);
  return `Bearer ${token}`;
}

test('keys whose file can not be read for a moment, or holds none, are used on, and taken anew once it does', async () => {
  await using files = await openFiles();
  const path = join(files.url.replace('file:', ''), 'internal.json');
  const source = await openInternalKeys(path);
  const checks = createInternalTokenVerifier(source);
  const before = await (await createInternalTokens(source)).authorization('drug', caller);
  const whole = await readFile(path);
  const newer = await generateInternalKeys();
  const byNewer = await (await createInternalTokens(newer)).authorization('drug', caller);
  for (const harm of [() => rm(path), () => writeFile(path, whole.subarray(0, 40)), () => writeFile(path, '{"public":[]}')]) {
    await harm();
    // an unknown key makes it look
    await expect(checks.verify(byNewer, 'drug')).rejects.toMatchObject(rejected);
    expect(await checks.verify(before, 'drug')).toMatchObject({ subject: 'p-1' });
    expect(() => source.rotate(newer, new Date())).toThrow();
  }
  await writeFile(path, JSON.stringify(newer));
  expect(await checks.verify(byNewer, 'drug')).toMatchObject({ subject: 'p-1' });
});

describe('internal tokens', () => {
  test('carry the caller to the one subgraph they name', async () => {
    const tokens = await createInternalTokens(keys);
    const authorization = await tokens.authorization('drug', caller);
    expect(await verifier.verify(authorization, 'drug')).toMatchObject({ subject: 'p-1', roles: ['window'] });
    await expect(verifier.verify(authorization, 'housing')).rejects.toMatchObject(rejected);
  });

  test('a token is never handed to a caller with other roles', async () => {
    const tokens = await createInternalTokens(keys);
    const one = await tokens.authorization('drug', caller);
    expect(await tokens.authorization('drug', caller)).toBe(one);
    const other = await tokens.authorization('drug', { ...caller, roles: ['monitor'] });
    expect((await verifier.verify(other, 'drug')).roles).toEqual(['monitor']);
  });

  test.each<[string, () => Promise<string | undefined>]>([
    ['none', async () => undefined],
    ['nonsense', async () => 'Bearer nonsense'],
    ['another scheme', async () => 'Basic cm9vdDpyb290'],
    ['another key', async () => (await createInternalTokens(await generateInternalKeys())).authorization('drug', caller)],
    [
      'alg none',
      async () =>
        `Bearer ${encode({ alg: 'none' })}.${encode({ iss: 'acceptance', aud: 'drug', sub: 'x', roles: ['platform'], exp: 9_999_999_999 })}.`,
    ],
    ['expired', () => forged({ sub: 'x', roles: [] }, { expires: '-1m' })],
    ['another issuer', () => forged({ sub: 'x', roles: [] }, { issuer: 'somebody' })],
    ['no subject', () => forged({ roles: [] })],
    ['no roles', () => forged({ sub: 'x' })],
  ])('%s is rejected like every other', async (_name, authorization) => {
    await expect(verifier.verify(await authorization(), 'drug')).rejects.toMatchObject(rejected);
  });

  test('processes that start at once share one key file, readable by its owner alone', async () => {
    await using files = await openFiles();
    const file = join(files.url.slice('file:'.length), 'keys', 'internal.json');
    const loaded = await Promise.all(Array.from({ length: 8 }, () => loadInternalKeys(file)));
    expect(new Set(loaded.map(({ privateKey }) => privateKey.kid)).size).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});
