import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inForce } from '../../../gateway/config/in-force.js';
import { examineSettings } from '../../../gateway/config/read-settings.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acceptance-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const problemsOf = (env: Record<string, string>) => examineSettings(env).problems;
const held = (env: Record<string, string>, name: string) => inForce(examineSettings(env)).find((one) => one.name === name);

describe('a setting comes from', () => {
  test('the environment before the file, and the file before its default', async () => {
    const ACCEPTANCE_CONFIG = await file('order.json', { GATEWAY_PORT: 4001, GATEWAY_HOST: 'inside', LOG_LEVEL: '' });
    const env = { ACCEPTANCE_CONFIG, GATEWAY_PORT: '4002', GATEWAY_HOST: '' };
    expect(problemsOf(env)).toEqual([]);
    expect(held(env, 'GATEWAY_PORT')).toEqual({ name: 'GATEWAY_PORT', value: '4002', from: 'environment' });
    expect(held(env, 'GATEWAY_HOST')).toEqual({ name: 'GATEWAY_HOST', value: 'inside', from: ACCEPTANCE_CONFIG });
    expect(held(env, 'LOG_LEVEL')).toEqual({ name: 'LOG_LEVEL', value: 'info', from: 'default' });
  });

  test('a file in the forms that JSON has', async () => {
    const ACCEPTANCE_CONFIG = await file('forms.json', {
      GATEWAY_AUTH: false,
      GATEWAY_CORS_ORIGINS: ['https://a.example', 'https://b.example'],
      GATEWAY_DEPARTMENT_TIMEOUTS_MS: { drug: 2_000, transport: 8_000 },
    });
    expect(examineSettings({ ACCEPTANCE_CONFIG })).toMatchObject({
      problems: [],
      values: {
        GATEWAY_AUTH: false,
        GATEWAY_CORS_ORIGINS: ['https://a.example', 'https://b.example'],
        GATEWAY_DEPARTMENT_TIMEOUTS_MS: { drug: 2_000, transport: 8_000 },
      },
    });
  });

  test('a file of its own when it is a secret, which a line end is no part of', async () => {
    const STORE_URL_FILE = await file('store-url', 'mysql://acceptance:pa$$word@mysql:3306/acceptance\n');
    expect(examineSettings({ STORE_URL_FILE }).values.STORE_URL).toBe('mysql://acceptance:pa$$word@mysql:3306/acceptance');
    const expected = { name: 'STORE_URL', value: 'mysql://***@mysql:3306/acceptance', from: STORE_URL_FILE };
    expect(held({ STORE_URL_FILE }, 'STORE_URL')).toEqual(expected);
    const ACCEPTANCE_CONFIG = await file('names-it.json', { STORE_URL_FILE });
    expect(held({ ACCEPTANCE_CONFIG }, 'STORE_URL')).toEqual(expected);
    expect(held({ ACCEPTANCE_CONFIG, STORE_URL: 'memory:' }, 'STORE_URL')).toMatchObject({ value: 'memory:', from: 'environment' });
  });

  test('another one where it has no default of its own', () => {
    const env = { DATA_DIR: '/srv', GATEWAY_AUTH: 'off' };
    const of = (name: string) => held(env, name)?.value;
    expect(['STORE_URL', 'AUDIT_STORE_URL', 'FILES_DIR', 'GATEWAY_AUDIT', 'REDIS_URL'].map(of)).toEqual([
      'file:/srv',
      'file:/srv',
      '/srv/files',
      'off',
      undefined,
    ]);
  });
});

describe('what is refused of', () => {
  test.for([
    ['GATEWAY_FETCH_TIMEOUT', 'did you mean GATEWAY_FETCH_TIMEOUT_MS?'],
    ['STORE_ULR', 'did you mean STORE_URL?'],
    ['STORE_URL_FIEL', 'did you mean STORE_URL_FILE?'],
    ['SUBGRAPH_NOTHING_LIKE_IT', 'SUBGRAPH_NOTHING_LIKE_IT is no setting; `npx acceptance config --reference` lists all'],
    ['GATEWAY_PORT_4000_TCP', 'enableServiceLinks: false'],
    ['ACCEPTANCE_SERVICE_HOST', 'enableServiceLinks: false'],
    ['OTEL_EXPORTER_OTPL_ENDPOINT', 'OTEL_EXPORTER_OTPL_ENDPOINT is no setting'],
  ])('an unknown name: %s', ([name = '', told]) => {
    expect(problemsOf({ [name]: 'x' })).toEqual([expect.stringContaining(told as string)]);
  });

  test.for(['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'OTEL_RESOURCE_ATTRIBUTES', 'OTEL_BSP_SCHEDULE_DELAY', 'PATH', 'MYSQL_HOST'])(
    'other software, nothing: %s',
    (name) => expect(problemsOf({ [name]: 'x' })).toEqual([]),
  );

  test('a file and the environment: everything at once, and nothing secret', async () => {
    const ACCEPTANCE_CONFIG = await file('wrong.json', {
      GATEWAY_PROT: 1,
      GATEWAY_MAX_DEPTH: 0,
      PERSONAL_DATA_KEYS: { id: { hidden: 'hidden' } },
      ACCEPTANCE_CONFIG: 'another.json',
      REDIS_URL: 'hidden',
    });
    const problems = problemsOf({
      ACCEPTANCE_CONFIG,
      SUBGRAPH_PORT: 'x',
      STORE_URL: 'hidden',
      AUDIT_STORE_URL_FILE: join(folder, 'absent'),
    });
    const told = problems.join('\n');
    for (const name of [
      'GATEWAY_PROT',
      'GATEWAY_MAX_DEPTH',
      'PERSONAL_DATA_KEYS',
      'ACCEPTANCE_CONFIG',
      'REDIS_URL',
      'SUBGRAPH_PORT',
      'STORE_URL',
      'AUDIT_STORE_URL_FILE',
    ])
      expect(told).toContain(name);
    expect(problems).toHaveLength(8);
    expect(told).not.toContain('hidden');
  });

  test.for([
    ['{"REDIS_URL": "redis://:hidden@x" nonsense}', 'not one JSON object'],
    ['["GATEWAY_PORT"]', 'not one JSON object'],
    [undefined, "can't be read"],
  ])('a file that is none: %s', async ([content, told]) => {
    const ACCEPTANCE_CONFIG = content === undefined ? join(folder, 'nowhere.json') : await file('none.json', content);
    const problems = problemsOf({ ACCEPTANCE_CONFIG });
    expect(problems).toEqual([expect.stringContaining(told as string)]);
    expect(problems.join()).not.toContain('hidden');
  });

  test('a secret given twice, or in an empty file', async () => {
    const empty = await file('empty', '\n');
    const secret = await file('secret', 'redis://x');
    expect(problemsOf({ REDIS_URL: 'redis://y', REDIS_URL_FILE: secret })).toEqual([
      'REDIS_URL and REDIS_URL_FILE are both set; set one of them',
    ]);
    expect(problemsOf({ REDIS_URL_FILE: empty })).toEqual([expect.stringContaining('an empty file')]);
  });
});

describe('nothing secret is shown of', () => {
  test.for([
    ['PERSONAL_DATA_KEYS', 'k1:aGlkZGVu', '(set)'],
    ['FILES_S3_SECRET_KEY', 'hidden', '(set)'],
    ['ACCEPTANCE_TOKEN', 'hidden', '(set)'],
    ['STORE_URL', 'mysql://user:hid/den@with@host/prefix', 'mysql://***@host/prefix'],
    ['REDIS_URL', 'rediss://:hidden@host', 'rediss://***@host'],
    ['REDIS_URL', 'redis://host?password=hidden&db=1', 'redis://host?password=***&db=1'],
    ['REGISTRY_URL', 'http://user:hidden@registry/graphql', 'http://***@registry/graphql'],
    ['AUTH_JWKS_URL', 'https://a:hidden@idp/jwks,https://b/jwks', 'https://***@idp/jwks,https://b/jwks'],
  ])('%s', ([name = '', value = '', shown]) => {
    expect(held({ [name]: value }, name)?.value).toBe(shown);
  });
});
