import type { z } from 'zod';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { SETTING_NAMES, SETTINGS, type SettingName, type Values } from './all-settings.js';
import { contradictions, type Started } from './contradictions.js';
import { type GatewaySettings, gatewaySettings } from './gateway-settings.js';
import type { Setting } from './setting.js';
import { type CommandSettings, commandSettings } from './settings/commands.js';
import { type Environment, type Given, gather } from './sources.js';
import { type SubgraphSettings, subgraphSettings } from './subgraph-settings.js';

export interface Settings {
  readonly gateway: GatewaySettings;
  readonly subgraphs: SubgraphSettings;
  readonly commands: CommandSettings;
}

/** What is set and what is wrong with it. */
export interface Examined {
  /** Those that are valid by themselves. */
  readonly values: Partial<Values>;
  readonly given: ReadonlyMap<SettingName, Given>;
  readonly problems: readonly string[];
}

/** Looks at everything that is set, for whoever is started with it; undefined: nobody in particular. */
export function examineSettings(env: Environment, started?: Started): Examined {
  const { given, problems: ofSources } = gather(env);
  const problems = [...ofSources];
  const values: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const setting = SETTINGS[name];
    const read = setting.form.safeParse(given.get(name)?.text);
    if (read.success) values[name] = read.data;
    else problems.push(`${name} is ${shown(given.get(name), setting)}; allowed: ${allowed(read.error)}`);
  }
  const needing = SETTING_NAMES.filter(
    (name) => started !== undefined && started !== 'system' && SETTINGS[name].neededBy?.includes(started),
  );
  const missing = needing.filter((name) => !given.has(name));
  if (missing.length > 0) problems.push(`${started} needs ${missing.join(' and ')}`);
  problems.push(...contradictions(values, given, started));
  return { values, given, problems };
}

/**
 * Reads all settings, for whoever is started with them.
 * @throws CataloguedError CONFIGURATION_INVALID with every problem at once: the setting, what was found, what is allowed.
 * Nothing secret is repeated.
 */
export function readSettings(env: Environment, started?: Started): Settings {
  const { values, problems } = examineSettings(env, started);
  if (problems.length > 0) {
    throw new CataloguedError('CONFIGURATION_INVALID', `the configuration is not valid:\n${problems.map((p) => `  - ${p}`).join('\n')}`, {
      problems,
    });
  }
  const all = values as Values;
  return { gateway: gatewaySettings(all), subgraphs: subgraphSettings(all), commands: commandSettings(all) };
}

/** An address that is not valid may still hold a password. */
function shown(given: Given | undefined, { secret }: Setting): string {
  if (given === undefined || secret !== undefined || given.text.includes('@')) return 'not valid';
  return JSON.stringify(given.text.length > 200 ? `${given.text.slice(0, 200)}…` : given.text);
}

const allowed = ({ issues }: z.ZodError): string => [...new Set(issues.map(({ message }) => message))].join('; ');
