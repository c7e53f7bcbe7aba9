import { readFile, writeFile } from 'node:fs/promises';
import { withReference } from '../config/reference.js';

/** `npm run reference`: writes the READMEs' tables of settings as the schema has them. */
for (const [file, language] of [
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh'],
] as const) {
  await writeFile(file, withReference(await readFile(file, 'utf8'), language));
}
