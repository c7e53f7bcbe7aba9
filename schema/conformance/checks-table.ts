import { CHECKS } from './registry.js';

/** The table of the README, so that it says what the code does; a test compares them. */
export function checksTable(): string {
  const rows = CHECKS.map(({ id, level, smoke, title, pointer }) => [
    `\`${id}\``,
    level,
    smoke === true ? 'yes' : '',
    `${title.zh} · ${title.en}`,
    pointer,
  ]);
  const all = [['id', 'level', 'smoke', '检查 · check', 'pointer'], ...rows];
  const [head, ...body] = all.map((cells) => `| ${cells.join(' | ')} |`);
  return [head, '| --- | --- | --- | --- | --- |', ...body].join('\n');
}
