import { CONCERNS } from './all-settings.js';
import { defaultText, type Setting } from './setting.js';

export type Language = 'en' | 'zh';

const WORDS = {
  en: { head: ['variable', 'default', 'what it sets'], none: 'none', of: ' of ', file: 'also as a file: ' },
  zh: { head: ['变量', '默认', '含义'], none: '无', of: '', file: '也可给出文件:' },
} as const;

/** The settings as a Markdown table, as the READMEs have it. */
export function settingsReference(language: Language): string {
  const { head } = WORDS[language];
  const lines = [`| ${head.join(' | ')} |`, '| --- | --- | --- |'];
  for (const concern of CONCERNS) {
    lines.push(`| **${concern[language]}** | | |`);
    for (const [name, setting] of Object.entries(concern.settings)) lines.push(row(name, setting, language));
  }
  return `${lines.join('\n')}\n`;
}

function row(name: string, setting: Setting, language: Language): string {
  const { none, file } = WORDS[language];
  const text = (defaultText(setting) || setting.otherwise?.replaceAll(/\{(\w+)\}/g, '$1')) ?? '';
  const secret = setting.secret === undefined || name === 'PERSONAL_DATA_KEYS' ? '' : ` (${file}\`${name}_FILE\`)`;
  const cells = [`\`${name}\``, text === '' ? none : `\`${text}\``, `${setting[language]}${secret}`];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Stands before and after the table in a README. */
const MARK = { begin: '<!-- settings: npm run reference writes this table -->', end: '<!-- end of settings -->' };

/** @throws Error for a text without the marks */
export function withReference(readme: string, language: Language): string {
  const [begin, end] = [readme.indexOf(MARK.begin), readme.indexOf(MARK.end)];
  if (begin < 0 || end < begin) throw new Error(`there is no table of settings between ${MARK.begin} and ${MARK.end}`);
  return `${readme.slice(0, begin + MARK.begin.length)}\n\n${settingsReference(language)}\n${readme.slice(end)}`;
}
