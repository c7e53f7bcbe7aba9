import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { CONCERNS, SETTING_NAMES, SETTINGS } from '../../../gateway/config/all-settings.js';
import { withReference } from '../../../gateway/config/reference.js';
import { defaultText } from '../../../gateway/config/setting.js';
import { CATALOGUE } from '../../../subgraphs/kit/errors/catalogue.js';

const root = new URL('../../../', import.meta.url);

describe('every setting', () => {
  test('has one place, a sentence in both languages, and somebody who uses it', () => {
    const all = CONCERNS.flatMap(({ settings }) => Object.keys(settings));
    expect(new Set(all).size).toBe(all.length);
    for (const name of SETTING_NAMES) {
      const { en, zh, usedBy, neededBy = [] } = SETTINGS[name];
      expect(en, name).not.toMatch(/^\s*$|\n|\.$/);
      expect(zh, name).toMatch(/\p{Script=Han}/u);
      expect(usedBy.length, name).toBeGreaterThan(0);
      expect(usedBy, name).toEqual(expect.arrayContaining([...neededBy]));
    }
  });

  test('takes the text of its own default', () => {
    for (const name of SETTING_NAMES) {
      const text = defaultText(SETTINGS[name]);
      if (text === undefined || text === '') continue;
      expect(SETTINGS[name].form.parse(text), name).toEqual(SETTINGS[name].form.parse(undefined));
    }
  });

  test.for([
    ['README.md', 'en'],
    ['README.zh-CN.md', 'zh'],
  ] as const)('is in %s as the schema has it (npm run reference)', async ([file, language]) => {
    const readme = await readFile(new URL(file, root), 'utf8');
    expect(withReference(readme, language)).toBe(readme);
  });

  test('that a README names elsewhere is one, or a code that errors have', async () => {
    const known = new Set<string>([...SETTING_NAMES, ...Object.keys(CATALOGUE)]);
    for (const file of ['README.md', 'README.zh-CN.md']) {
      const named = (await readFile(new URL(file, root), 'utf8')).matchAll(
        /`((?:GATEWAY|SUBGRAPH|AUTH|FILES|EXCHANGE|FEED|PERSONAL_DATA)_[A-Z0-9_]+)\b/g,
      );
      for (const [, name = ''] of named) expect(known, file).toContain(name.replace(/(?<!DATA_KEYS)_FILE$/, ''));
    }
  });
});
