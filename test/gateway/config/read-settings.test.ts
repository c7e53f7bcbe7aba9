import { describe, expect, test } from 'vitest';
import type { Started } from '../../../gateway/config/contradictions.js';
import { readSettings } from '../../../gateway/config/read-settings.js';
import { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';

const readGatewaySettings = (env: Record<string, string>) => readSettings(env).gateway;

function problemsOf(env: Record<string, string>, started?: Started): string[] {
  try {
    readSettings(env, started);
  } catch (error) {
    expect(error).toBeInstanceOf(CataloguedError);
    expect((error as CataloguedError).code).toBe('CONFIGURATION_INVALID');
    return (error as CataloguedError).extensions['problems'] as string[];
  }
  return [];
}

describe('the settings of the gateway', () => {
  test('have defaults, and empty variables count as absent', () => {
    expect(readGatewaySettings({ PATH: '/bin', GATEWAY_PORT: '' })).toEqual({
      host: '127.0.0.1',
      port: 4_000,
      overload: { lagMs: 2_000, inFlight: 2_000 },
      metricsToken: undefined,
      drainDelayMs: 1_000,
      supergraphFile: undefined,
      registryUrl: undefined,
      registryPollMs: 1_000,
      usageReportMs: 10_000,
      auth: true,
      audit: true,
      production: false,
      introspection: true,
      landingPage: true,
      issuers: [],
      identity: { algorithms: ['EdDSA', 'RS256', 'ES256'], clockTolerance: 10 },
      authorizationFile: undefined,
      rejectUnauthorized: false,
      limits: {
        documentLength: 65_536,
        depth: 30,
        fields: 10_000,
        aliases: 200,
        rootFields: 50,
        directives: 200,
        listItems: 1_000,
        variables: 200,
        variableDepth: 20,
        variableValues: 10_000,
        batch: 0,
      },
      cost: { limit: 20_000, listSize: 10 },
      rates: { perIdentity: 200, perAddress: 1_000 },
      redisUrl: undefined,
      corsOrigins: [],
      trustedProxies: [],
      trustedDocumentsFile: undefined,
      requiredSubgraphs: undefined,
      fetchTimeoutMs: 5_000,
      departmentTimeoutsMs: {},
      requestTimeoutMs: 30_000,
      subscriptions: {
        queueLimit: 256,
        queueBytes: 1_048_576,
        resumeForMs: 60_000,
        onLoss: 'end',
        keepAliveMs: 12_000,
        connectionsPerIdentity: 200,
        subscriptionsPerConnection: 100,
        messagesPerSecond: 100,
        initTimeoutMs: 10_000,
        idleMs: 600_000,
        lifetimeMs: 0,
      },
      bodyLimit: 1_048_576,
      logLevel: 'info',
      dataDir: 'data',
    });
  });

  test('are read from the environment', () => {
    const settings = readGatewaySettings({
      GATEWAY_PORT: '0',
      GATEWAY_DEPARTMENT_TIMEOUTS_MS: 'drug=2000,human-resources=8000',
      REGISTRY_URL: 'http://registry:4101/graphql',
      AUTH_JWKS_URL: 'https://idp/jwks',
      AUTH_ISSUER: 'https://idp',
      AUTH_AUDIENCE: 'graph',
    });
    expect(settings).toMatchObject({
      port: 0,
      auth: true,
      audit: true,
      departmentTimeoutsMs: { drug: 2_000, 'human-resources': 8_000 },
      registryUrl: 'http://registry:4101/graphql',
      issuers: [{ jwksUrl: 'https://idp/jwks', issuer: 'https://idp', audience: 'graph' }],
    });
  });

  test('name several issuers, with an audience for all or for each', () => {
    const two = { AUTH_JWKS_URL: 'https://a/jwks, https://b/jwks', AUTH_ISSUER: 'https://a,https://b' };
    expect(readGatewaySettings({ ...two, AUTH_AUDIENCE: 'graph' }).issuers).toEqual([
      { jwksUrl: 'https://a/jwks', issuer: 'https://a', audience: 'graph' },
      { jwksUrl: 'https://b/jwks', issuer: 'https://b', audience: 'graph' },
    ]);
    expect(readGatewaySettings({ ...two, AUTH_AUDIENCE: 'x,y' }).issuers.map(({ audience }) => audience)).toEqual(['x', 'y']);
  });

  test('are stricter in production unless asked otherwise', () => {
    const production = { NODE_ENV: 'production', AUTH_JWKS_URL: 'https://a/jwks', AUTH_ISSUER: 'a', AUTH_AUDIENCE: 'g' };
    expect(readGatewaySettings(production)).toMatchObject({ production: true, introspection: false, landingPage: false });
    expect(readGatewaySettings({ ...production, GATEWAY_INTROSPECTION: 'on', GATEWAY_LANDING_PAGE: 'on' })).toMatchObject({
      introspection: true,
      landingPage: true,
    });
  });

  test.for<[what: string, env: Record<string, string>, told: string]>([
    [
      'issuers without an address each',
      { AUTH_JWKS_URL: 'https://a', AUTH_ISSUER: 'a,b', AUTH_AUDIENCE: 'g' },
      'each issuer has one address',
    ],
    [
      'audiences for some issuers',
      { AUTH_JWKS_URL: 'https://a,https://b,https://c', AUTH_ISSUER: 'a,b,c', AUTH_AUDIENCE: 'g,h' },
      'AUTH_AUDIENCE names 2',
    ],
    ['an issuer twice', { AUTH_JWKS_URL: 'https://a,https://b', AUTH_ISSUER: 'a,a', AUTH_AUDIENCE: 'g' }, 'names an issuer twice'],
    [
      'an issuer without identity',
      { GATEWAY_AUTH: 'off', AUTH_JWKS_URL: 'https://a', AUTH_ISSUER: 'a', AUTH_AUDIENCE: 'g' },
      'GATEWAY_AUTH is "off" and',
    ],
    ['production without an issuer', { NODE_ENV: 'production', PERSONAL_DATA_KEYS: 'k1:x' }, 'the demonstration issuer does not run'],
    [
      'a subgraph that may take longer than the request',
      { GATEWAY_FETCH_TIMEOUT_MS: '9000', GATEWAY_REQUEST_TIMEOUT_MS: '8000' },
      'GATEWAY_FETCH_TIMEOUT_MS is longer than GATEWAY_REQUEST_TIMEOUT_MS (8000)',
    ],
    ['a department that may', { GATEWAY_DEPARTMENT_TIMEOUTS_MS: 'drug=60000' }, 'gives drug longer than'],
    ['keys and a file of keys', { PERSONAL_DATA_KEYS: 'a:x', PERSONAL_DATA_KEYS_FILE: '/x' }, 'set one of them'],
    ['part of a bucket', { FILES_S3_ENDPOINT: 'https://minio' }, 'FILES_S3_ENDPOINT set without FILES_S3_BUCKET'],
    [
      'a folder and a bucket',
      { FILES_DIR: '/x', FILES_S3_BUCKET: 'x', FILES_S3_ACCESS_KEY: 'x', FILES_S3_SECRET_KEY: 'x' },
      'FILES_DIR and FILES_S3_BUCKET',
    ],
    ['an algorithm with a shared secret', { AUTH_ALGORITHMS: 'RS256,HS256' }, 'AUTH_ALGORITHMS is "RS256,HS256"; allowed: some of EdDSA'],
    ['the algorithm none', { AUTH_ALGORITHMS: 'none' }, 'AUTH_ALGORITHMS is "none"'],
    ['an origin with a path', { GATEWAY_CORS_ORIGINS: 'https://a/b' }, 'GATEWAY_CORS_ORIGINS is'],
    ['a proxy that is no address', { GATEWAY_TRUSTED_PROXIES: 'proxy.example' }, 'GATEWAY_TRUSTED_PROXIES is'],
  ])('can not have %s', ([, env, told]) => {
    const problems = problemsOf(env, 'system');
    expect(problems).toEqual([expect.stringContaining(told)]);
  });

  test('of gateway and subgraphs are refused together, without passwords', () => {
    const env = { GATEWAY_PORT: 'x', SUBGRAPH_PORT: 'y', LOG_LEVEL: 'loud', REDIS_URL: 'secret@redis', STORE_URL: 'oracle://secret' };
    const problems = problemsOf(env, 'gateway');
    expect(problems.map((problem) => problem.split(' ')[0] ?? '').sort((a, b) => a.localeCompare(b))).toEqual([
      'GATEWAY_PORT',
      'LOG_LEVEL',
      'REDIS_URL',
      'REGISTRY_URL',
      'STORE_URL',
      'SUBGRAPH_PORT',
    ]);
    expect(problems.join()).not.toContain('secret');
    expect(problemsOf({ REGISTRY_URL: 'nobody:secret@registry' }).join()).not.toContain('secret');
  });

  test.for<[started: Started, told: string]>([
    ['gateway', 'nor GATEWAY_SUPERGRAPH, to serve a fixed supergraph'],
    ['catalog', 'catalog needs REGISTRY_URL'],
    ['acceptance', 'acceptance needs REGISTRY_URL and CATALOG_URL'],
    ['supervision', 'supervision needs REGISTRY_URL and CATALOG_URL and ACCEPTANCE_URL'],
  ])('%s is not started without what it needs', ([started, told]) => {
    expect(problemsOf({}, started)).toEqual([expect.stringContaining(told)]);
  });

  test.for<Started>(['registry', 'department', 'system', 'commands'])('%s needs nothing', (started) => {
    expect(problemsOf({}, started)).toEqual([]);
  });

  test('of production make up no keys for those who keep personal data, and for nobody else', () => {
    const REGISTRY_URL = 'http://registry/graphql';
    expect(problemsOf({ NODE_ENV: 'production', REGISTRY_URL }, 'department')).toEqual([
      expect.stringContaining('PERSONAL_DATA_KEYS_FILE'),
    ]);
    expect(problemsOf({ NODE_ENV: 'production', REGISTRY_URL, PERSONAL_DATA_KEYS_FILE: '/run/secrets/keys' }, 'department')).toEqual([]);
    expect(problemsOf({ NODE_ENV: 'production', REGISTRY_URL }, 'catalog')).toEqual([]);
  });

  test('of a container do not register or print an address that nobody can call', () => {
    const env = { REGISTRY_URL: 'http://registry/graphql', CATALOG_URL: 'http://catalog/graphql', SUBGRAPH_HOST: '0.0.0.0' };
    expect(problemsOf(env, 'acceptance')).toEqual([expect.stringContaining('set PUBLIC_URL'), expect.stringContaining('set FILES_URL')]);
    expect(problemsOf({ ...env, PUBLIC_URL: 'http://a/graphql', FILES_URL: 'https://a' }, 'acceptance')).toEqual([]);
  });

  test('take true and false for on and off', () => {
    expect(readSettings({ GATEWAY_AUDIT: 'false', EXCHANGE_SIGNATURES: 'true' })).toMatchObject({
      gateway: { auth: true, audit: false },
      subgraphs: { exchangeSignatures: true },
    });
  });

  test('are refused all at once: what, what was found, what is allowed', () => {
    const problems = problemsOf({
      GATEWAY_PORT: '70000',
      GATEWAY_AUTH: 'maybe',
      GATEWAY_PROT: '4000',
      REGISTRY_URL: 'registry:4101',
      LOG_LEVEL: 'loud',
      GATEWAY_DEPARTMENT_TIMEOUTS_MS: 'drug',
      AUTH_ISSUER: 'https://idp',
    });
    expect(problems).toHaveLength(7);
    const told = problems.join('\n');
    expect(told).toContain('GATEWAY_PORT is "70000"; allowed: a whole number from 0 to 65535');
    expect(told).toContain('GATEWAY_AUTH is "maybe"; allowed: on or off');
    expect(told).toContain('GATEWAY_PROT is no setting; did you mean GATEWAY_PORT?');
    expect(told).toContain('REGISTRY_URL is "registry:4101"; allowed: an http:// or https:// address');
    expect(told).toContain('LOG_LEVEL is "loud"; allowed: fatal, error');
    expect(told).toContain('GATEWAY_DEPARTMENT_TIMEOUTS_MS is "drug"; allowed: pairs');
    expect(told).toContain('AUTH_JWKS_URL and AUTH_AUDIENCE not set');
  });

  test.for(['-1', '1e3', '4000.5', ' 4000', '0x10', '99999999999'])('a port of %j is refused', (GATEWAY_PORT) => {
    expect(problemsOf({ GATEWAY_PORT })).toHaveLength(1);
  });
});
