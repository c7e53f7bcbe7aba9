import type { SettingName, Values } from './all-settings.js';
import { PERSONAL, type Role, SUBGRAPHS } from './setting.js';
import type { Given } from './sources.js';

/** What is started: one role, or everything in one process. */
export type Started = Role | 'system';

interface Rule {
  /** Whom it concerns; absent: everybody. */
  readonly of?: readonly Started[];
  /** @param values those that are valid by themselves */
  problems(values: Partial<Values>, given: ReadonlyMap<SettingName, Given>): Iterable<string>;
}

const CLIENT_ISSUERS = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const;
const OF_BUCKET = ['FILES_S3_REGION', 'FILES_S3_ENDPOINT', 'FILES_S3_ACCESS_KEY', 'FILES_S3_SECRET_KEY', 'FILES_S3_PATH_STYLE'] as const;
const EVERYWHERE = ['0.0.0.0', '::', '[::]'];

/** What is allowed by itself and not together, or not where it runs. */
const RULES: readonly Rule[] = [
  {
    *problems(_, given) {
      const missing = CLIENT_ISSUERS.filter((name) => !given.has(name));
      if (missing.length > 0 && missing.length < CLIENT_ISSUERS.length)
        yield `${missing.join(' and ')} not set; ${CLIENT_ISSUERS.join(', ')} are set together or not at all`;
    },
  },
  {
    *problems({ AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE }) {
      const issuers = AUTH_ISSUER?.length ?? 0;
      if (AUTH_JWKS_URL !== undefined && AUTH_ISSUER !== undefined && AUTH_JWKS_URL.length !== issuers)
        yield `AUTH_JWKS_URL names ${AUTH_JWKS_URL.length} and AUTH_ISSUER ${issuers}; each issuer has one address`;
      if (AUTH_AUDIENCE !== undefined && issuers > 0 && AUTH_AUDIENCE.length !== 1 && AUTH_AUDIENCE.length !== issuers)
        yield `AUTH_AUDIENCE names ${AUTH_AUDIENCE.length}; allowed: one for all issuers, or one for each of the ${issuers}`;
      if (new Set(AUTH_ISSUER).size !== issuers) yield 'AUTH_ISSUER names an issuer twice';
    },
  },
  {
    *problems({ GATEWAY_AUTH }, given) {
      const said = CLIENT_ISSUERS.filter((name) => given.has(name));
      if (GATEWAY_AUTH === false && said.length > 0)
        yield `GATEWAY_AUTH is "off" and ${said.join(', ')} set; without identity nobody vouches for clients`;
    },
  },
  {
    of: ['gateway', 'system'],
    *problems({ NODE_ENV, GATEWAY_AUTH }, given) {
      if (NODE_ENV === 'production' && GATEWAY_AUTH !== false && !CLIENT_ISSUERS.some((name) => given.has(name)))
        yield 'NODE_ENV is "production", where the demonstration issuer does not run; set AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE';
    },
  },
  {
    of: ['gateway'],
    *problems(_, given) {
      if (!given.has('REGISTRY_URL') && !given.has('GATEWAY_SUPERGRAPH'))
        yield 'REGISTRY_URL is not set, to follow a registry, nor GATEWAY_SUPERGRAPH, to serve a fixed supergraph';
    },
  },
  {
    *problems(
      { GATEWAY_FETCH_TIMEOUT_MS, GATEWAY_DEPARTMENT_TIMEOUTS_MS = {}, GATEWAY_REQUEST_TIMEOUT_MS: whole = Number.POSITIVE_INFINITY },
      given,
    ) {
      if (given.has('GATEWAY_FETCH_TIMEOUT_MS') && (GATEWAY_FETCH_TIMEOUT_MS ?? 0) > whole)
        yield `GATEWAY_FETCH_TIMEOUT_MS is longer than GATEWAY_REQUEST_TIMEOUT_MS (${whole}), so that it never comes to it`;
      for (const [code, timeout] of Object.entries(GATEWAY_DEPARTMENT_TIMEOUTS_MS))
        if (timeout > whole) yield `GATEWAY_DEPARTMENT_TIMEOUTS_MS gives ${code} longer than GATEWAY_REQUEST_TIMEOUT_MS (${whole})`;
    },
  },
  {
    *problems(_, given) {
      if (given.has('PERSONAL_DATA_KEYS') && given.has('PERSONAL_DATA_KEYS_FILE'))
        yield 'PERSONAL_DATA_KEYS and PERSONAL_DATA_KEYS_FILE are both set; set one of them';
    },
  },
  {
    of: [...PERSONAL, 'system'],
    *problems({ NODE_ENV }, given) {
      if (NODE_ENV === 'production' && !given.has('PERSONAL_DATA_KEYS') && !given.has('PERSONAL_DATA_KEYS_FILE'))
        yield 'NODE_ENV is "production", where no key is made up: set PERSONAL_DATA_KEYS (id:base64,…) or PERSONAL_DATA_KEYS_FILE';
    },
  },
  {
    *problems(_, given) {
      if (given.has('FILES_S3_BUCKET')) {
        for (const name of ['FILES_S3_ACCESS_KEY', 'FILES_S3_SECRET_KEY'] as const)
          if (!given.has(name)) yield `${name} is not set; needed with FILES_S3_BUCKET`;
        if (given.has('FILES_DIR')) yield 'FILES_DIR and FILES_S3_BUCKET are both set; files are in one place';
      } else {
        const said = OF_BUCKET.filter((name) => given.has(name));
        if (said.length > 0) yield `${said.join(', ')} set without FILES_S3_BUCKET`;
      }
    },
  },
  {
    of: SUBGRAPHS,
    *problems({ SUBGRAPH_HOST = '', PUBLIC_URL }, given) {
      if (EVERYWHERE.includes(SUBGRAPH_HOST) && given.has('REGISTRY_URL') && PUBLIC_URL === undefined)
        yield `SUBGRAPH_HOST is "${SUBGRAPH_HOST}", which nobody can call; set PUBLIC_URL to the address that others reach it by`;
    },
  },
  {
    of: ['acceptance'],
    *problems({ SUBGRAPH_HOST = '', FILES_URL }) {
      if (EVERYWHERE.includes(SUBGRAPH_HOST) && FILES_URL === undefined)
        yield `SUBGRAPH_HOST is "${SUBGRAPH_HOST}", which no client can follow a link to; set FILES_URL to the address that clients reach files at`;
    },
  },
];

export function contradictions(values: Partial<Values>, given: ReadonlyMap<SettingName, Given>, started: Started | undefined): string[] {
  return RULES.filter(({ of }) => of === undefined || (started !== undefined && of.includes(started))).flatMap((rule) => [
    ...rule.problems(values, given),
  ]);
}
