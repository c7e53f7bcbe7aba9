import { createHash, createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import type { JWK } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  type ExchangedRequest,
  type SignedRequest,
  signatureHeaders,
  signRequest,
  verifyRequest,
} from '../../../../subgraphs/kit/exchange/message-signature.js';
import { generateSigningKeys, SIGNATURE_ALGORITHMS } from '../../../../subgraphs/kit/exchange/signature-algorithm.js';

const NOW = new Date('2026-11-24T01:00:00Z');
const REQUEST = {
  method: 'POST',
  path: '/graphql',
  body: '{"query":"mutation{receiveCase}"}',
  recipient: 'drug',
  requestId: 'r-1',
};

describe.each(SIGNATURE_ALGORITHMS)('a request signed with %s', (algorithm) => {
  const keys = generateSigningKeys(algorithm);
  const [publicKey] = keys.publicKeys.keys as [JWK];
  const keyOf = (sender: string, kid: string) => (sender === 'platform' && kid === publicKey.kid ? publicKey : undefined);
  const signed = signRequest(REQUEST, 'platform', keys.privateKey, NOW);
  const headers = signatureHeaders(REQUEST, signed);
  const check = (
    request: Partial<ExchangedRequest> = {},
    change: Record<string, unknown> = {},
    now: Date | undefined = NOW,
  ): SignedRequest => verifyRequest({ ...REQUEST, ...request }, { ...headers, ...change }, { keyOf, ...(now !== undefined && { now }) });

  test('is taken as it was sent', () => {
    expect(check()).toEqual(signed);
    expect(check({ body: Buffer.from(REQUEST.body) })).toEqual(signed);
    expect(check({}, {}, new Date(NOW.getTime() + 299_000))).toEqual(signed);
  });

  test.each<[string, Partial<ExchangedRequest>, Record<string, unknown>]>([
    ['another method', { method: 'PUT' }, {}],
    ['another path', { path: '/other' }, {}],
    ['another body', { body: `${REQUEST.body} ` }, {}],
    ['another body with its digest', { body: 'x' }, { 'content-digest': `sha-256=:${createHash('sha256').update('x').digest('base64')}:` }],
    ['another recipient', { recipient: 'housing' }, {}],
    ['another recipient, in the header too', { recipient: 'housing' }, { 'acceptance-recipient': 'housing' }],
    ['another request id', { requestId: 'r-2' }, {}],
    ['no digest', {}, { 'content-digest': undefined }],
    ['no signature', {}, { signature: undefined }],
    ['no signature input', {}, { 'signature-input': undefined }],
    ['another sender', {}, { 'signature-input': headers['signature-input']?.replace('platform:', 'drug:') }],
    ['a key nobody has', {}, { 'signature-input': headers['signature-input']?.replace(/:[\w-]+";alg/, ':nobody";alg') }],
    [
      'another nonce',
      {},
      { 'signature-input': headers['signature-input']?.replace(/nonce="(.)/, (_all, first) => `nonce="${first === '0' ? '1' : '0'}`) },
    ],
    ['another time', {}, { 'signature-input': headers['signature-input']?.replace(/created=\d/, 'created=2') }],
    ['fewer components', {}, { 'signature-input': headers['signature-input']?.replace('"content-digest" ', '') }],
    ['no algorithm', {}, { 'signature-input': headers['signature-input']?.replace(/alg="[^"]+"/, 'alg="none"') }],
    ['two signatures', {}, { signature: `${headers['signature']}, ${headers['signature']}` }],
  ])('is refused with %s', (_what, request, change) => {
    expect(() => check(request, change)).toThrow(expect.objectContaining({ code: 'SIGNATURE_REJECTED' }));
  });

  test('is refused with any bit of its signature changed', () => {
    const [, base64 = ''] = /:(.*):/.exec(signed.signature) ?? [];
    const raw = Buffer.from(base64, 'base64');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: raw.length * 8 - 1 }), (bit) => {
        const altered = Buffer.from(raw);
        altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(() => check({}, { signature: `acceptance=:${altered.toString('base64')}:` })).toThrow(/signature/);
      }),
      { numRuns: algorithm === 'ed25519' ? 100 : 20 },
    );
  });

  test('is refused five minutes later, and earlier, but proves what was sent for ever', () => {
    expect(() => check({}, {}, new Date(NOW.getTime() + 302_000))).toThrow(/signature/);
    expect(() => check({}, {}, new Date(NOW.getTime() - 302_000))).toThrow(/signature/);
    expect(verifyRequest(REQUEST, headers, { keyOf })).toEqual(signed);
  });
});

test('the recipe departments in other languages follow: RFC 9421 by hand, with a plain Ed25519 library', () => {
  const keys = generateSigningKeys('ed25519');
  const headers = signatureHeaders(REQUEST, signRequest(REQUEST, 'platform', keys.privateKey, NOW));
  const parameters = (headers['signature-input'] as string).replace(/^acceptance=/, '');
  const base = [
    '"@method": POST',
    '"@path": /graphql',
    `"content-digest": sha-256=:${createHash('sha256').update(REQUEST.body).digest('base64')}:`,
    '"acceptance-recipient": drug',
    '"x-request-id": r-1',
    `"@signature-params": ${parameters}`,
  ].join('\n');
  const signature = Buffer.from((headers['signature'] as string).slice('acceptance=:'.length, -1), 'base64');
  const key = createPublicKey({ key: keys.publicKeys.keys[0] as never, format: 'jwk' });
  expect(verify(null, Buffer.from(base), key, signature)).toBe(true);
});
