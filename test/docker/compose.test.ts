import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, test } from 'vitest';
import { isSetting } from '../../gateway/config/all-settings.js';
import { examineSettings } from '../../gateway/config/read-settings.js';
import type { Role } from '../../gateway/config/setting.js';
import { KNOWN_NAMES } from '../../gateway/config/unknown-names.js';
import { PROVINCE } from '../topology/province.js';
import { composeFile, dockerFile, filledIn } from './deployment.js';

const compose = await composeFile();
const services: [string, any][] = Object.entries(compose.services);
const ours = services.filter(([name, { build }]) => build !== undefined && name !== 'keys');

/** What images of others read, of which compose.yaml sets some. */
const OF_OTHERS: Readonly<Record<string, RegExp>> = {
  mysql: /^(MYSQL_ROOT_PASSWORD_FILE|TZ)$/,
  nginx: /^(RUN_DIR|LISTEN|RESOLVER|GATEWAY_SERVERS|ACCEPTANCE_SERVERS)$/,
  grafana: /^GF_[A-Z_]+$/,
};

describe('compose.yaml', () => {
  test('is valid by the Compose Specification', async () => {
    const ajv = new Ajv2019({ strict: false, validateFormats: false });
    // it names a draft by an address that is none, and has `id` of an earlier one
    const withoutIds = (key: string, value: unknown) => (['$schema', 'id'].includes(key) && typeof value === 'string' ? undefined : value);
    const validate = ajv.compile(JSON.parse(await dockerFile('../test/docker/compose-spec.json'), withoutIds));
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...compose, services: { x: { imagee: 'x' } } })).toBe(false);
  });

  test('starts as many of each part as the topology of processes', () => {
    const counted: Record<string, number> = {};
    for (const [name] of ours) {
      const part = name.replace(/-\d$/, '');
      counted[part] = (counted[part] ?? 0) + 1;
    }
    expect(counted).toEqual(PROVINCE);
  });

  test.for(services)('%s sets what is known, and uses what there is', ([name, service]) => {
    const { environment = {}, secrets = [], volumes = [], depends_on: after = {}, networks = [] } = service;
    for (const variable of Object.keys(environment)) {
      if (service.build === undefined) expect(variable).toMatch(OF_OTHERS[name] ?? /^$/);
      else expect(KNOWN_NAMES).toContain(variable);
    }
    for (const secret of secrets) expect(compose.secrets).toHaveProperty([secret]);
    for (const volume of volumes as string[])
      if (!volume.startsWith('.')) expect(compose.volumes).toHaveProperty([volume.split(':')[0] ?? '']);
    for (const network of Array.isArray(networks) ? networks : Object.keys(networks)) expect(compose.networks).toHaveProperty([network]);
    for (const [other, { condition }] of Object.entries<any>(after)) {
      expect(compose.services).toHaveProperty([other]);
      const { healthcheck, build } = compose.services[other];
      if (condition === 'service_healthy') expect(healthcheck ?? build, `${other} tells its health`).toBeDefined();
    }
    // every file of a secret that is named is mounted
    for (const value of Object.values<string>(environment)) {
      const secret = /^\/run\/secrets\/(.+)$/.exec(value)?.[1];
      if (secret !== undefined) expect(secrets).toContain(secret);
    }
  });

  test.for(ours)('the settings of %s are valid for its role', ([name, service]) => {
    const part = name.replace(/-\d$/, '');
    const role = (service.build.target === 'department' ? 'department' : part) as Role;
    const identity = { AUTH_JWKS_URL: 'https://identity.example/jwks', AUTH_ISSUER: 'https://identity.example', AUTH_AUDIENCE: 'graph' };
    const ofImage =
      role === 'gateway'
        ? { GATEWAY_HOST: '0.0.0.0', GATEWAY_PORT: '4000', ...identity }
        : { SUBGRAPH_HOST: '0.0.0.0', SUBGRAPH_PORT: '4100' };
    const given = Object.entries<string>(service.environment).map(([key, value]) => {
      // secrets are not there when this is looked at
      if (key === 'STORE_URL_FILE') return ['STORE_URL', 'mysql://x:y@mysql:3306/acceptance'];
      return key === 'REDIS_URL_FILE' ? ['REDIS_URL', 'redis://redis:6379'] : [key, filledIn(value)];
    });
    expect(examineSettings({ ...Object.fromEntries(given), ...ofImage }, role).problems).toEqual([]);
  });

  test.for(ours)('%s listens where others call it', ([, service]) => {
    for (const [variable, value] of Object.entries<string>(service.environment)) {
      if (!/^(REGISTRY|CATALOG|ACCEPTANCE|PUBLIC)_URL$/.test(variable)) continue;
      const { hostname, port, pathname } = new URL(value);
      const named = ours.filter(([name, { networks }]) => name === hostname || networks.platform?.aliases?.includes(hostname) === true);
      expect(named, hostname).not.toHaveLength(0);
      expect([port, pathname]).toEqual(['4100', '/graphql']);
    }
  });

  test.for(services.filter(([name]) => name !== 'mysql'))('%s has no rights that it does not need', ([, service]) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  test('nginx and Prometheus name services and ports that there are', async () => {
    const { GATEWAY_SERVERS, ACCEPTANCE_SERVERS } = compose.services.nginx.environment;
    const scraped = (await dockerFile('prometheus/prometheus.yaml')).matchAll(/'([\w-]+:\d+)'/g);
    const named = [...`${GATEWAY_SERVERS}${ACCEPTANCE_SERVERS}`.matchAll(/server (\S+)/g), ...scraped].map(
      ([, address]) => address as string,
    );
    expect(new Set(named)).toEqual(new Set(ours.map(([name, { build }]) => `${name}:${build.target === 'gateway' ? 4_000 : 4_100}`)));
  });

  test('every variable of the Dockerfile is a setting', async () => {
    const dockerfile = await dockerFile('Dockerfile');
    const set = [...dockerfile.matchAll(/^ENV ((?:.*\\\n)*.*)$/gm)].flatMap(([, body = '']) =>
      [...body.matchAll(/([A-Z_]+)=/g)].map(([, name]) => name as string),
    );
    expect(set.length).toBeGreaterThan(4);
    for (const name of set) expect(isSetting(name) || name === 'TZ', name).toBe(true);
  });
});
