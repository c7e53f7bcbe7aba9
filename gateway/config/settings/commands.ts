import { httpUrl, text } from '../forms.js';
import { ROLES, setting, type ValuesOf } from '../setting.js';

/** What the command line asks with, and where settings are written down. */
export const COMMANDS = {
  ACCEPTANCE_CONFIG: setting(text.optional(), {
    en: 'a JSON file of settings by these names; the environment wins over it',
    zh: '以这些名称书写设置的 JSON 文件;环境变量优先',
    usedBy: ROLES,
  }),
  ACCEPTANCE_GRAPH: setting(httpUrl.default('http://127.0.0.1:4000/graphql'), {
    en: 'the graph that commands ask (`--graph`)',
    zh: '命令所询问的图(`--graph`)',
    usedBy: ['commands'],
  }),
  ACCEPTANCE_TOKEN: setting(text.optional(), {
    en: 'the token that commands ask with (`--token`)',
    zh: '命令使用的令牌(`--token`)',
    usedBy: ['commands'],
    secret: 'value',
  }),
};

export interface CommandSettings {
  readonly graphUrl: string;
  readonly token: string | undefined;
}

export function commandSettings({ ACCEPTANCE_GRAPH, ACCEPTANCE_TOKEN }: ValuesOf<typeof COMMANDS>): CommandSettings {
  return { graphUrl: ACCEPTANCE_GRAPH, token: ACCEPTANCE_TOKEN };
}
