import { readFileSync } from 'node:fs';
import { isSetting, SETTING_NAMES, SETTINGS, type SettingName } from './all-settings.js';
import { asText } from './setting.js';
import { fileName, isOurs, KNOWN_NAMES, unknownName } from './unknown-names.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What somebody set: the text, and where. */
export interface Given {
  readonly text: string;
  /** `environment`, or the path of a file. */
  readonly from: string;
}

export interface Gathered {
  readonly given: ReadonlyMap<SettingName, Given>;
  readonly problems: readonly string[];
}

const CONFIG = 'ACCEPTANCE_CONFIG';

/**
 * Collects what is set: in the environment, in the file that ACCEPTANCE_CONFIG names, and for secrets in the files that
 * NAME_FILE names. The environment wins. What is set to nothing counts as absent.
 */
export function gather(env: Environment): Gathered {
  const problems: string[] = [];
  const texts = new Map(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''));
  for (const name of texts.keys()) if (isOurs(name) && !KNOWN_NAMES.includes(name)) problems.push(unknownName(name));
  const path = texts.get(CONFIG);
  const ofFile = path === undefined ? new Map<string, string>() : readConfiguration(path, problems);
  return {
    given: new Map([...settingsOf(ofFile, path ?? '', problems), ...settingsOf(texts, 'environment', problems)]),
    problems,
  };
}

/** One source's settings, secrets read from their files. */
function settingsOf(texts: ReadonlyMap<string, string>, from: string, problems: string[]): Map<SettingName, Given> {
  const given = new Map<SettingName, Given>();
  for (const name of SETTING_NAMES) {
    const text = texts.get(name);
    if (text !== undefined) given.set(name, { text, from });
    const named = fileName(name);
    const file = SETTINGS[name].secret === undefined || isSetting(named) ? undefined : texts.get(named);
    if (file === undefined) continue;
    if (text !== undefined) problems.push(`${name} and ${named} are both set; set one of them`);
    const secret = read(file);
    if (secret === undefined) problems.push(`${named} is ${JSON.stringify(file)}, a file that can't be read`);
    else if (secret.trim() === '') problems.push(`${named} is ${JSON.stringify(file)}, an empty file`);
    else given.set(name, { text: secret.trim(), from: file });
  }
  return given;
}

/** The members of a JSON file as texts. Problems name members, never what they hold. */
function readConfiguration(path: string, problems: string[]): Map<string, string> {
  const found = new Map<string, string>();
  const refuse = (problem: string) => void problems.push(`${CONFIG} is ${JSON.stringify(path)}${problem}`);
  const content = read(path);
  const members = content === undefined ? undefined : parsed(content);
  if (content === undefined) refuse(", a file that can't be read");
  else if (members === undefined) refuse(', which is not one JSON object, such as {"GATEWAY_PORT": 4000}');
  for (const [name, value] of Object.entries(members ?? {})) {
    const text = asText(value);
    if (name === CONFIG) refuse(' and names another one; there is one');
    else if (!KNOWN_NAMES.includes(name)) problems.push(`${path}: ${unknownName(name)}`);
    else if (text === undefined) problems.push(`${path}: ${name} is no text, number, true, false, list of these or object of numbers`);
    else if (text !== '') found.set(name, text);
  }
  return found;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The parser's own message would repeat what stands around the fault, which may be a password. */
function parsed(content: string): object | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
