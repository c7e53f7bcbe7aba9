import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../../../subgraphs/kit/errors/catalogue.js';
import { cataloguePage } from '../../../../subgraphs/kit/errors/catalogue-page.js';

const ROOT = new URL('../../../../', import.meta.url).pathname;

/** Codes that Apollo Server gives by itself. */
const APOLLO = [
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'INTERNAL_SERVER_ERROR',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
];
/** How codes are written in our sources. */
const WRITTEN =
  /(?:CataloguedError\(\s*|ClientError\(\s*|EntityRefusal\(\s*|refusal\(\w+, |code: |code = |clientError\(\s*(?:\d+,\s*)?)'([A-Z][A-Z_]{3,})'/g;

async function sources(): Promise<{ file: string; text: string }[]> {
  const found: { file: string; text: string }[] = [];
  for (const folder of ['gateway', 'subgraphs', 'schema']) {
    for (const entry of await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile() && file.endsWith('.ts') && !file.endsWith('catalogue.ts'))
        found.push({ file, text: await readFile(file, 'utf8') });
    }
  }
  return found;
}

/** Codes of findings about a department's SDL, which are data of a report and no `extensions.code`. */
const FINDINGS = ['UNREADABLE', 'INVALID_SCHEMA', 'MISSING_MEMBER', 'ALTERED_MEMBER', 'FORBIDDEN_EXTENSION'];

describe('the catalogue of error codes', () => {
  test('has every code that the sources write', async () => {
    const written = new Map<string, string>();
    for (const { file, text } of await sources()) for (const [, code] of text.matchAll(WRITTEN)) written.set(code as string, file);
    expect(written.size).toBeGreaterThan(20);
    const unknown = [...written].filter(([code]) => !(code in CATALOGUE) && !FINDINGS.includes(code));
    expect(unknown).toEqual([]);
  });

  test('has no code that nothing gives', async () => {
    const all = (await sources()).map(({ text }) => text).join('\n');
    const unused = Object.keys(CATALOGUE).filter((code) => !APOLLO.includes(code) && !new RegExp(`\\b${code}\\b`).test(all));
    expect(unused).toEqual([]);
  });

  test('is what its page prints (`npx vitest run test/subgraphs/kit/errors -u` writes it)', async () => {
    await expect(cataloguePage()).toMatchFileSnapshot(join(ROOT, 'subgraphs/kit/errors/README.md'));
  });

  test('says what to do, in both languages', () => {
    for (const [code, { zh, en, remedy }] of Object.entries(CATALOGUE)) {
      expect(zh, code).toMatch(/[\u4e00-\u9fff]/);
      expect(en.length, code).toBeGreaterThan(10);
      expect(remedy.length, code).toBeGreaterThan(5);
    }
  });
});
