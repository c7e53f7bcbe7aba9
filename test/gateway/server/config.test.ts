import { describe, expect, test } from 'vitest';
import { readGatewaySettings } from '../../../gateway/config.js';
import { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';

function problemsOf(env: Record<string, string>): string[] {
  try {
    readGatewaySettings(env);
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
      supergraphFile: undefined,
      registryUrl: undefined,
      registryPollMs: 1_000,
      usageReportMs: 10_000,
      auth: true,
      introspection: true,
      issuer: undefined,
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
      GATEWAY_AUTH: 'off',
      GATEWAY_DEPARTMENT_TIMEOUTS_MS: 'drug=2000,human-resources=8000',
      REGISTRY_URL: 'http://registry:4101/graphql',
      AUTH_JWKS_URL: 'https://idp/jwks',
      AUTH_ISSUER: 'https://idp',
      AUTH_AUDIENCE: 'graph',
    });
    expect(settings).toMatchObject({
      port: 0,
      auth: false,
      departmentTimeoutsMs: { drug: 2_000, 'human-resources': 8_000 },
      registryUrl: 'http://registry:4101/graphql',
      issuer: { jwksUrl: 'https://idp/jwks', issuer: 'https://idp', audience: 'graph' },
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
    expect(told).toContain('GATEWAY_PROT is no setting');
    expect(told).toContain('REGISTRY_URL is "registry:4101"; allowed: an http:// or https:// address');
    expect(told).toContain('LOG_LEVEL is "loud"; allowed: fatal, error');
    expect(told).toContain('GATEWAY_DEPARTMENT_TIMEOUTS_MS is "drug"; allowed: pairs');
    expect(told).toContain('AUTH_JWKS_URL and AUTH_AUDIENCE not set');
  });

  test.for(['-1', '1e3', '4000.5', ' 4000', '0x10', '99999999999'])('a port of %j is refused', (GATEWAY_PORT) => {
    expect(problemsOf({ GATEWAY_PORT })).toHaveLength(1);
  });
});
