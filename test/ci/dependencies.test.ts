import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type LockedPackage, licencesOf, problemsOf } from '../../.ci/dependency-rules.js';

const ROOT = new URL('../../', import.meta.url);
const read = async (file: string) => JSON.parse(await readFile(new URL(file, ROOT), 'utf8')) as Record<string, unknown>;
const good: LockedPackage = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT' };
const one = (change: Partial<LockedPackage>, name = 'thing') => problemsOf({ '': {}, [`node_modules/${name}`]: { ...good, ...change } });

describe('the dependency tree', () => {
  test('has nothing wrong with it', async () => {
    const { packages } = (await read('package-lock.json')) as { packages: Record<string, LockedPackage> };
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    expect(problemsOf(packages, await read('package.json'))).toEqual([]);
  });
});

describe('what is wrong with a dependency', () => {
  test.for<[what: string, change: Partial<LockedPackage>, told: RegExp]>([
    ['no integrity', { integrity: undefined } as never, /no SHA-512 integrity/],
    ['a weak integrity', { integrity: 'sha1-x' }, /no SHA-512 integrity/],
    ['another source', { resolved: 'git+ssh://git@github.com/x/y.git' }, /not from a registry/],
    ['plain http', { resolved: 'http://registry.npmjs.org/thing.tgz' }, /not from a registry/],
    ['a link', { link: true }, /a link/],
    ['an install script', { hasInstallScript: true }, /run a script/],
    ['a licence nobody looked at', { license: 'GPL-3.0' }, /licence is GPL-3.0/],
    ['a licence of which one half is not allowed', { license: '(MIT AND GPL-3.0)' }, /licence is/],
    ['no licence', { license: undefined } as never, /none named/],
  ])('is %s', ([, change, told]) => {
    expect(one(change)).toEqual([expect.stringMatching(told)]);
  });

  test('is not a choice of licences, a licence looked at, or a script looked at', () => {
    expect(one({ license: '(GPL-3.0 OR MIT)' })).toEqual([]);
    expect(one({ license: 'Elastic-2.0' }, '@apollo/query-planner')).toEqual([]);
    expect(one({ hasInstallScript: true }, 'protobufjs')).toEqual([]);
    expect(one({ license: 'Elastic-2.0' }, '@apollo/else')).toHaveLength(1);
  });

  test('is a version that is not exact', () => {
    expect(problemsOf({}, { dependencies: { a: '^1.0.0', b: '1.0.0', c: '1.0.0-rc.1', d: 'latest' } })).toHaveLength(2);
  });
});

test('licences are listed with who uses them', () => {
  expect(licencesOf({ '': {}, 'node_modules/a': good, 'node_modules/b/node_modules/c': { ...good, license: 'ISC' } })).toEqual(
    new Map([
      ['MIT', ['a']],
      ['ISC', ['c']],
    ]),
  );
});
