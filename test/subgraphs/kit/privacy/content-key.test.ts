import { randomBytes } from 'node:crypto';
import { Readable, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContentKey, ContentUnreadable } from '../../../../subgraphs/kit/privacy/content-key.js';
import { SEAL_ALGORITHMS } from '../../../../subgraphs/kit/privacy/seal-algorithm.js';

const CHUNK = 64 * 1024;
const NAME = 'uploads/a';

/** What comes out when `content` goes in by pieces of one length. */
const passed = (content: Buffer, turn: Transform, by = 50_000): Promise<Buffer> => {
  const pieces = Array.from({ length: Math.ceil(content.length / by) }, (_, index) => content.subarray(index * by, (index + 1) * by));
  const source = Readable.from(pieces);
  source.on('error', (error) => turn.destroy(error));
  return buffer(source.pipe(turn));
};
const sizes = fc.oneof(
  fc.nat(300),
  ...[1, 2, 3].map((n) => fc.integer({ min: n * CHUNK - 20, max: n * CHUNK + 20 })),
  fc.integer({ min: 0, max: 4 * CHUNK }),
);

describe.each(SEAL_ALGORITHMS)('files sealed with %s', (algorithm) => {
  test('come back as they were, whatever their size and however they pass', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.integer({ min: 1_000, max: 200_000 }),
        fc.integer({ min: 1_000, max: 200_000 }),
        async (size, one, two) => {
          const key = ContentKey.create(algorithm);
          const content = randomBytes(size);
          const sealed = await passed(content, key.seal(NAME), one);
          expect(sealed.length).toBe(ContentKey.sealedSize(size));
          if (size > 20) expect(sealed.includes(content.subarray(0, 20))).toBe(false);
          const again = ContentKey.parse(key.toString());
          expect((await passed(sealed, again.open(NAME), two)).equals(content)).toBe(true);
        },
      ),
      {
        numRuns: 40,
        examples: [
          [0, 1_000, 1_000],
          [CHUNK, CHUNK, CHUNK],
          [2 * CHUNK, 1_000, CHUNK + 16],
        ],
      },
    );
  });

  test('are not read where a byte is changed, a part is missing, doubled or of another file', async () => {
    const key = ContentKey.create(algorithm);
    const sealed = await passed(randomBytes(3 * CHUNK + 77), key.seal(NAME));
    const chunk = (n: number) => sealed.subarray(n * (CHUNK + 16), (n + 1) * (CHUNK + 16));
    const unreadable = async (content: Buffer, by = key, name = NAME) =>
      expect(passed(content, by.open(name))).rejects.toThrow(ContentUnreadable);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const other = Buffer.from(sealed);
        other[place] = (other[place] as number) ^ change;
        await unreadable(other);
      }),
      { numRuns: 30 },
    );
    for (const cut of [0, 1, 15, CHUNK, CHUNK + 16, 2 * (CHUNK + 16), 3 * (CHUNK + 16), sealed.length - 1])
      await unreadable(sealed.subarray(0, cut));
    await unreadable(Buffer.concat([chunk(1), chunk(0), chunk(2), chunk(3)]));
    await unreadable(Buffer.concat([chunk(0), chunk(0), chunk(1), chunk(2), chunk(3)]));
    await unreadable(Buffer.concat([chunk(0), chunk(2), chunk(3)]));
    await unreadable(Buffer.concat([sealed, Buffer.from('x')]));
    await unreadable(sealed, ContentKey.create(algorithm));
    await unreadable(sealed, key, 'uploads/b');
  });
});

test.each(['', 'aes-256-gcm', 'aes-256-gcm:AAAA', `des:${'A'.repeat(43)}`])('%j is no key', (text) => {
  expect(() => ContentKey.parse(text)).toThrow(ContentUnreadable);
});
