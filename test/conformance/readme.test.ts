import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHECKS, checksTable } from '../../schema/conformance/index.js';

const README = readFileSync(new URL('../../schema/conformance/README.md', import.meta.url), 'utf8');
const CONTRACT = readFileSync(new URL('../../schema/department-contract.graphql', import.meta.url), 'utf8');

/** Without the spaces that line a table's columns up. */
const cells = (table: string) =>
  table
    .trim()
    .replaceAll(/ *\| */g, '|')
    .replaceAll(/-{3,}/g, '---');

test('the README has the checks that the code has', () => {
  const [, rest = ''] = README.split('<!-- checks -->\n');
  expect(cells(rest.split('<!-- /checks -->')[0] ?? '')).toBe(cells(checksTable()));
});

test('ids are unique and named after their group', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+\.[a-z0-9-]+$/);
});

test('titles are Chinese and English', () => {
  for (const { id, title } of CHECKS) {
    expect(title.zh, id).toMatch(/\p{Script=Han}/u);
    expect(title.en, id).not.toMatch(/\p{Script=Han}/u);
  }
});

test('every pointer leads somewhere', () => {
  for (const { id, pointer } of CHECKS) {
    const [file = '', section] = pointer.split('#');
    if (file.includes('/')) {
      const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
      if (section !== undefined) expect(text.toLowerCase(), id).toContain(`\n## ${section}\n`);
      continue;
    }
    const [, type = '', , member] = /^(\w+)(\.(\w+))?/.exec(pointer) ?? [];
    const body = new RegExp(`^(?:type|enum|input|scalar) ${type}\\b[^]*?(?:^}|\\n\\n)`, 'm').exec(CONTRACT)?.[0];
    expect(body, `${id}: ${pointer}`).toBeDefined();
    if (member !== undefined) expect(body, `${id}: ${pointer}`).toMatch(new RegExp(`\\b${member}\\b`));
  }
});

test('checks build only on checks that come to no circle, and smoke checks on smoke checks only', () => {
  const byId = new Map(CHECKS.map((check) => [check.id, check]));
  const ancestors = (id: string, path: readonly string[] = []): void => {
    expect(path, id).not.toContain(id);
    for (const needed of byId.get(id)?.needs ?? []) {
      expect(byId.has(needed), `${id} needs ${needed}`).toBe(true);
      ancestors(needed, [...path, id]);
    }
  };
  for (const { id } of CHECKS) ancestors(id);
  for (const { id, needs = [] } of CHECKS.filter(({ smoke }) => smoke))
    for (const needed of needs) expect(byId.get(needed)?.smoke, `${id} needs ${needed}`).toBe(true);
});
