import { CATALOGUE, type CatalogueEntry } from './catalogue.js';

/** The catalogue as the page that clients read: one row per code, in alphabetical order. */
export function cataloguePage(): string {
  const rows = Object.entries<CatalogueEntry>(CATALOGUE)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { zh, en, remedy }]) => `| \`${code}\` | ${zh} | ${en} | ${remedy} |`);
  return `# 错误代码 · Error codes

Every error of the graph carries one of these in \`extensions.code\`. Codes are a promise: they are added, never renamed.

| code | 中文 | what it means | what to do |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
