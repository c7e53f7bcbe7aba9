import type { Role, Setting, ValuesOf } from './setting.js';
import { ADDRESSES } from './settings/addresses.js';
import { COMMANDS } from './settings/commands.js';
import { FETCHING } from './settings/fetching.js';
import { FILES } from './settings/files.js';
import { IDENTITY } from './settings/identity.js';
import { KEYS } from './settings/keys.js';
import { LIMITS } from './settings/limits.js';
import { PROCESS } from './settings/process.js';
import { RULES } from './settings/rules.js';
import { SERVING } from './settings/serving.js';
import { STORES } from './settings/stores.js';
import { SUBSCRIPTIONS } from './settings/subscriptions.js';

/*
 * To add a setting, write one entry in the file of its concern under settings/: its form, default, what it is for in
 * both languages, and who uses it. It is then read, checked, listed and documented. Code gets it as `values.NAME`
 * there, in the function that makes the file's settings of values, or in gateway-settings.ts or subgraph-settings.ts.
 * `npm run reference` writes the READMEs' tables anew. What may not be said together goes into contradictions.ts.
 */

/** Concerns in the order in which they are documented. */
export const CONCERNS = [
  { en: 'Every process', zh: '每个进程', settings: PROCESS },
  { en: 'Stores', zh: '存储', settings: STORES },
  { en: 'Addresses', zh: '地址', settings: ADDRESSES },
  { en: 'Keys', zh: '密钥', settings: KEYS },
  { en: 'Files', zh: '文件', settings: FILES },
  { en: 'Rules', zh: '规则', settings: RULES },
  { en: 'Gateway', zh: '网关', settings: SERVING },
  { en: 'Identity', zh: '身份', settings: IDENTITY },
  { en: 'Subgraph calls', zh: '子图调用', settings: FETCHING },
  { en: 'Limits of clients', zh: '客户端限额', settings: LIMITS },
  { en: 'Subscriptions', zh: '订阅', settings: SUBSCRIPTIONS },
  { en: 'Command line', zh: '命令行', settings: COMMANDS },
] as const;

type Union = (typeof CONCERNS)[number]['settings'];
type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;
type AllSettings = Intersection<Union>;

export type SettingName = keyof AllSettings;
export type Values = ValuesOf<AllSettings>;

export const SETTINGS: Readonly<Record<SettingName, Setting>> = Object.assign({}, ...CONCERNS.map(({ settings }) => settings));
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

export function isSetting(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

/** Whether a role reads a setting; `system` is everything in one process. */
export function isUsedBy(name: SettingName, role: Role | 'system'): boolean {
  return role === 'system' ? SETTINGS[name].usedBy.some((user) => user !== 'commands') : SETTINGS[name].usedBy.includes(role);
}
