import { isUsedBy, SETTING_NAMES, SETTINGS, type SettingName } from './all-settings.js';
import type { Started } from './contradictions.js';
import type { Examined } from './read-settings.js';
import { defaultText } from './setting.js';

/** One setting as it holds. */
export interface InForce {
  readonly name: string;
  /** Never a secret: `(set)` in its place, and addresses without user and password; undefined: nothing is set. */
  readonly value: string | undefined;
  /** `default`, `environment`, or the path of a file. */
  readonly from: string;
}

/** What holds, of everything or of what one role uses. */
export function inForce({ given }: Examined, role?: Started): InForce[] {
  const names = SETTING_NAMES.filter((name) => role === undefined || isUsedBy(name, role));
  const textOf = (name: SettingName): string | undefined => {
    const { otherwise } = SETTINGS[name];
    const filled = otherwise?.replaceAll(/\{(\w+)\}/g, (_, other: string) => textOf(other as SettingName) ?? '');
    return given.get(name)?.text ?? defaultText(SETTINGS[name]) ?? filled;
  };
  return names.map((name) => {
    const text = textOf(name);
    return {
      name,
      value: text === undefined || text === '' ? undefined : hidden(text, SETTINGS[name].secret),
      from: given.get(name)?.from ?? 'default',
    };
  });
}

const hidden = (text: string, secret: 'value' | 'address' | undefined): string =>
  secret === 'value' ? '(set)' : withoutPasswords(text, secret);

/** Whoever may write `user:password@` into an address does so in others, too. Hides rather too much than too little. */
function withoutPasswords(text: string, secret: 'address' | undefined): string {
  return text
    .replaceAll(secret === 'address' ? /(?<=:\/\/).*@/gs : /(?<=:\/\/)[^,\s]*@/g, '***@')
    .replaceAll(/(?<=[?&][^=&]*(?:pass|secret|token|key)[^=&]*=)[^&,]*/gi, '***');
}
