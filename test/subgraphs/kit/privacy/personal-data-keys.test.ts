import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSettings } from '../../../../gateway/config/read-settings.js';
import { openPersonalDataKeys } from '../../../../gateway/main/personal-data-keys.js';
import { PersonalDataKeys, PersonalDataUnreadable } from '../../../../subgraphs/kit/privacy/personal-data-keys.js';
import { SEAL_ALGORITHMS } from '../../../../subgraphs/kit/privacy/seal-algorithm.js';
import { fixedSecrets, parseSecrets, SecretFile } from '../../../../subgraphs/kit/privacy/secret-source.js';

const secret = (fill: number) => Buffer.alloc(32, fill);
const keys = (algorithm: (typeof SEAL_ALGORITHMS)[number], ...ids: string[]) =>
  new PersonalDataKeys(algorithm, fixedSecrets(ids.map((id, i) => ({ id, secret: secret(id.length * 16 + i) }))));

test.each(SEAL_ALGORITHMS)('%s opens what it sealed, never seals alike, and shows nothing', (algorithm) => {
  const ring = keys(algorithm, 'one');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 4 }), (text) => {
      const sealed = ring.seal(text, 'a.b');
      expect(ring.open(sealed, 'a.b')).toBe(text);
      expect(ring.seal(text, 'a.b')).not.toBe(sealed);
      expect(sealed).not.toContain(text);
      expect(ring.isSealed(sealed)).toBe(true);
    }),
  );
});

test.each(SEAL_ALGORITHMS)('%s: one changed character, another column or another key: it does not open', (algorithm) => {
  const ring = keys(algorithm, 'one');
  const sealed = ring.seal('110105194912310021', 'a.b');
  const head = sealed.lastIndexOf('.') + 1;
  fc.assert(
    fc.property(fc.integer({ min: head, max: sealed.length - 2 }), (at) => {
      const altered = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => ring.open(altered, 'a.b')).toThrow(PersonalDataUnreadable);
    }),
  );
  expect(() => ring.open(sealed, 'a.c')).toThrow(PersonalDataUnreadable);
  expect(() => keys(algorithm, 'two').open(sealed, 'a.b')).toThrow(/not configured/);
  const impostor = new PersonalDataKeys(algorithm, fixedSecrets([{ id: 'one', secret: secret(99) }]));
  expect(() => impostor.open(sealed, 'a.b')).toThrow(PersonalDataUnreadable);
});

test('a value in clear reads as it is; algorithms and keys change under what is sealed', () => {
  const national = new PersonalDataKeys('sm4-gcm', fixedSecrets([{ id: 'old', secret: secret(1) }]));
  const sealed = national.seal('张三丰', 'a.b');
  const now = new PersonalDataKeys(
    'aes-256-gcm',
    fixedSecrets([
      { id: 'new', secret: secret(2) },
      { id: 'old', secret: secret(1) },
    ]),
  );
  expect(now.open(sealed, 'a.b')).toBe('张三丰');
  expect(now.open('李四', 'a.b')).toBe('李四');
  expect(now.seal('x', 'a.b').startsWith('pd1.a.new.')).toBe(true);
  expect(now.hashes('张三丰')).toContain(national.hash('张三丰'));
  expect(now.hashes('张三丰')).toContain(now.hash('张三丰'));
  expect(now.hash('张三丰')).not.toBe(now.hash('张三'));
});

test('a key file is made for its owner alone, and a new key in it is used at once', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'acceptance-keys-'));
  try {
    const file = join(directory, 'keys', 'personal-data.keys');
    const settings = readSettings({ DATA_DIR: directory }).subgraphs;
    const [mine, theirs] = [openPersonalDataKeys(settings), openPersonalDataKeys(settings)];
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'keys'))).mode & 0o777).toBe(0o700);
    expect(theirs.currentId).toBe(mine.currentId);
    const before = mine.seal('甲', 'a.b');
    const id = new SecretFile(file).addCurrent();
    expect(mine.refresh()).toBe(true);
    expect(mine.currentId).toBe(id);
    // the other process learns of the key from what it has to read
    expect(theirs.open(mine.seal('乙', 'a.b'), 'a.b')).toBe('乙');
    expect(theirs.open(before, 'a.b')).toBe('甲');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('production has no key that nobody configured, and a wrong one is told without repeating it', async () => {
  const production = (more = {}) => openPersonalDataKeys(readSettings({ NODE_ENV: 'production', DATA_DIR: '/nowhere', ...more }).subgraphs);
  expect(() => production()).toThrow(/set PERSONAL_DATA_KEYS/);
  expect(production({ PERSONAL_DATA_KEYS: `k1:${secret(1).toString('base64')}` }).currentId).toBe('k1');
  for (const wrong of [
    '',
    'k1',
    'k1:c2hvcnQ=',
    `K1:${secret(1).toString('base64')}`,
    `a:${secret(1).toString('base64')},a:${secret(2).toString('base64')}`,
  ]) {
    expect(() => parseSecrets(wrong)).toThrow(/PERSONAL_DATA_KEYS/);
  }
  expect(() => parseSecrets('k1:c2hvcnQ=')).not.toThrow(/c2hvcnQ/);
  const directory = await mkdtemp(join(tmpdir(), 'acceptance-keys-'));
  try {
    const file = join(directory, 'mounted');
    await writeFile(file, `k9:${secret(1).toString('base64')}\nk8:${secret(2).toString('base64')}\n`);
    expect(production({ PERSONAL_DATA_KEYS_FILE: file }).ids).toEqual(['k9', 'k8']);
  } finally {
    await rm(directory, { recursive: true });
  }
});
