import { createHmac } from 'node:crypto';
import { exportSPKI, generateKeyPair, type JSONWebKeySet, SignJWT, UnsecuredJWT } from 'jose';

export const ISSUER = 'https://idp.invalid';
export const AUDIENCE = 'graph';
const now = () => Math.floor(Date.now() / 1_000);

/** An identity provider of a test's own, with an RSA key: the kind whose public half an attacker may sign with as a secret. */
export async function testIssuer(kid = 'rsa-1') {
  const { exportJWK } = await import('jose');
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  const claims = (roles: readonly string[] = ['admin']) =>
    new SignJWT({ roles: [...roles] })
      .setSubject('p')
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime(now() + 60);
  return {
    jwk,
    keys: { keys: [jwk] } as JSONWebKeySet,
    publicKey,
    privateKey,
    claims,
    sign: (token: SignJWT) => token.setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey),
  };
}
export type TestIssuer = Awaited<ReturnType<typeof testIssuer>>;

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const body = () => ({ sub: 'p', roles: ['admin'], iss: ISSUER, aud: AUDIENCE, exp: now() + 60 });
const hmac = (header: object, secret: string | Buffer) => {
  const signed = `${encoded(header)}.${encoded(body())}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
};

/** Tokens that must be refused, alike. */
export const BAD_TOKENS: readonly (readonly [what: string, token: (issuer: TestIssuer) => Promise<string>])[] = [
  ['that has expired', ({ sign, claims }) => sign(claims().setExpirationTime(now() - 60))],
  ['that is not yet valid', ({ sign, claims }) => sign(claims().setNotBefore(now() + 600))],
  ['for another audience', ({ sign, claims }) => sign(claims().setAudience('elsewhere'))],
  ['of an issuer nobody knows', ({ sign, claims }) => sign(claims().setIssuer('https://elsewhere.invalid'))],
  [
    'of no issuer',
    ({ sign }) =>
      sign(
        new SignJWT({})
          .setSubject('p')
          .setAudience(AUDIENCE)
          .setExpirationTime(now() + 60),
      ),
  ],
  [
    'without a subject',
    ({ sign }) =>
      sign(
        new SignJWT({})
          .setIssuer(ISSUER)
          .setAudience(AUDIENCE)
          .setExpirationTime(now() + 60),
      ),
  ],
  ['that never expires', ({ sign }) => sign(new SignJWT({}).setSubject('p').setIssuer(ISSUER).setAudience(AUDIENCE))],
  ['with a subject that stands for several people', ({ sign, claims }) => sign(claims().setSubject('roles:admin'))],
  ['with the subject of nobody', ({ sign, claims }) => sign(claims().setSubject('anonymous'))],
  [
    'with the algorithm none',
    async () =>
      new UnsecuredJWT(body())
        .setSubject('p')
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime(now() + 60)
        .encode(),
  ],
  ['with the algorithm None and a signature', async () => `${encoded({ alg: 'None', kid: 'rsa-1' })}.${encoded(body())}.c2ln`],
  [
    'signed with the public key in PEM as a shared secret',
    async ({ publicKey }) => hmac({ alg: 'HS256', typ: 'JWT', kid: 'rsa-1' }, await exportSPKI(publicKey)),
  ],
  [
    'signed with the public key in JWK as a shared secret',
    async ({ jwk }) => hmac({ alg: 'HS256', typ: 'JWT', kid: 'rsa-1' }, JSON.stringify(jwk)),
  ],
  [
    'that brings its own key along',
    async () => {
      const own = await testIssuer('rsa-1');
      return own.claims().setProtectedHeader({ alg: 'RS256', kid: 'rsa-1', jwk: own.jwk }).sign(own.privateKey);
    },
  ],
  [
    'signed with another key under the same name',
    async () => {
      const other = await testIssuer('rsa-1');
      return other.sign(other.claims());
    },
  ],
  [
    'signed with a key nobody published',
    async () => {
      const other = await testIssuer('rsa-9');
      return other.sign(other.claims());
    },
  ],
  [
    'signed by an algorithm that is not on the list',
    async ({ claims }) => {
      const { publicKey: _, privateKey } = await generateKeyPair('ES384');
      return claims().setProtectedHeader({ alg: 'ES384', kid: 'rsa-1' }).sign(privateKey);
    },
  ],
  [
    'whose claims were changed',
    async ({ sign, claims }) => {
      const [head, , signature] = (await sign(claims(['applicant']))).split('.');
      return `${head}.${encoded(body())}.${signature}`;
    },
  ],
  ['whose signature was cut off', async ({ sign, claims }) => `${(await sign(claims())).split('.').slice(0, 2).join('.')}.`],
  [
    'with critical parts nobody understands',
    async ({ claims, privateKey }) =>
      claims()
        .setProtectedHeader({ alg: 'RS256', kid: 'rsa-1', crit: ['x'], x: 1 })
        .sign(privateKey, { crit: { x: true } }),
  ],
  ['of two parts', async () => 'a.b'],
  ['that is none', async () => 'x'],
  ['that is endless', async ({ sign, claims }) => `${await sign(claims())}${'A'.repeat(9_000)}`],
];
