import { z } from 'zod';
import { CataloguedError } from '../subgraphs/kit/errors/catalogued-error.js';
import { DEFAULT_LIST_SIZE } from './limits/cost/operation-cost.js';
import { DEFAULT_OPERATION_LIMITS, type OperationLimits } from './limits/operation-limits.js';
import { ALGORITHMS, type Algorithm } from './security/client-identity.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const MINUTE = 60_000;

/** What an operator may set about a gateway. Durations are milliseconds, sizes bytes. */
export interface GatewaySettings {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** A fixed supergraph; the registry is then not asked. */
  readonly supergraphFile: string | undefined;
  readonly registryUrl: string | undefined;
  readonly registryPollMs: number;
  /** Milliseconds between two reports of what clients use to the registry. */
  readonly usageReportMs: number;
  /** False: everybody is anonymous and subgraphs get no token. */
  readonly auth: boolean;
  /** Whether refusals and mutations are recorded. As identity is, unless said otherwise. */
  readonly audit: boolean;
  /** `NODE_ENV=production`: less is told to clients who guess, and browsers are told to come by TLS only. */
  readonly production: boolean;
  /** Whether clients may read the schema. Off in production unless asked for. */
  readonly introspection: boolean;
  /** Whether `/` says how to ask. Off in production unless asked for. */
  readonly landingPage: boolean;
  /** Who vouches for clients; none: the built-in issuer of the demonstration does. */
  readonly issuers: readonly { readonly jwksUrl: string; readonly issuer: string; readonly audience: string }[];
  readonly identity: { readonly algorithms: readonly Algorithm[]; readonly clockTolerance: number };
  /** A JSON file that says which scopes and policies come with which roles. */
  readonly authorizationFile: string | undefined;
  /** Refuses an operation as a whole when its caller may not read all of it. */
  readonly rejectUnauthorized: boolean;
  readonly limits: OperationLimits;
  /** The most that an operation may cost, and how long lists are taken to be; limit 0: any cost. */
  readonly cost: { readonly limit: number; readonly listSize: number };
  /** Requests per second; 0: any number. */
  readonly rates: { readonly perIdentity: number; readonly perAddress: number };
  readonly redisUrl: string | undefined;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  /** A manifest of the only documents that may run. */
  readonly trustedDocumentsFile: string | undefined;
  /** Subgraphs without which the gateway is not ready; undefined: every one that is no department's; none when empty. */
  readonly requiredSubgraphs: readonly string[] | undefined;
  readonly fetchTimeoutMs: number;
  readonly departmentTimeoutsMs: Readonly<Record<string, number>>;
  readonly requestTimeoutMs: number;
  /** How live subscriptions behave; see SubscriptionSettings for what each means. */
  readonly subscriptions: {
    readonly queueLimit: number;
    readonly queueBytes: number;
    readonly resumeForMs: number;
    readonly onLoss: 'end' | 'status';
    readonly keepAliveMs: number;
    readonly connectionsPerIdentity: number;
    readonly subscriptionsPerConnection: number;
    readonly messagesPerSecond: number;
    readonly initTimeoutMs: number;
    readonly idleMs: number;
    readonly lifetimeMs: number;
  };
  readonly bodyLimit: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly dataDir: string;
}

const whole = (min: number, max: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `a whole number from ${min} to ${max}`)
    .default(otherwise);

const httpUrl = z.string().refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'an http:// or https:// address');
const text = z.string().min(1, 'a text that is not empty');

const listOf = (what: string, item: RegExp) =>
  z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .refine((parts) => parts.every((part) => item.test(part)), what);
const onOff = z.enum(['on', 'off'], 'on or off');
const algorithms = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim()))
  .pipe(z.array(z.enum(ALGORITHMS, `some of ${ALGORITHMS.join(', ')}, with commas`)))
  .default(['EdDSA', 'RS256', 'ES256']);

const departmentTimeouts = z
  .string()
  .regex(/^[a-z][a-z0-9-]*=\d{1,6}(,[a-z][a-z0-9-]*=\d{1,6})*$/, 'pairs of department code and milliseconds, e.g. drug=2000,transport=8000')
  .transform((value) => Object.fromEntries(value.split(',').map((pair) => [pair.split('=')[0], Number(pair.split('=')[1])])))
  .default({});

const VARIABLES = z.object({
  GATEWAY_HOST: text.default('127.0.0.1'),
  GATEWAY_PORT: whole(0, 65_535, 4_000),
  GATEWAY_SUPERGRAPH: text.optional(),
  GATEWAY_AUTH: onOff.default('on'),
  GATEWAY_AUDIT: onOff.optional(),
  GATEWAY_INTROSPECTION: onOff.optional(),
  GATEWAY_LANDING_PAGE: onOff.optional(),
  GATEWAY_AUTHORIZATION: text.optional(),
  GATEWAY_UNAUTHORIZED: z.enum(['null', 'reject'], 'null or reject').default('null'),
  GATEWAY_MAX_DEPTH: whole(1, 100, DEFAULT_OPERATION_LIMITS.depth),
  GATEWAY_MAX_FIELDS: whole(1, 1_000_000, DEFAULT_OPERATION_LIMITS.fields),
  GATEWAY_MAX_ALIASES: whole(0, 100_000, DEFAULT_OPERATION_LIMITS.aliases),
  GATEWAY_MAX_ROOT_FIELDS: whole(1, 10_000, DEFAULT_OPERATION_LIMITS.rootFields),
  GATEWAY_MAX_DIRECTIVES: whole(0, 10_000, DEFAULT_OPERATION_LIMITS.directives),
  GATEWAY_MAX_LIST_ITEMS: whole(1, 1_000_000, DEFAULT_OPERATION_LIMITS.listItems),
  GATEWAY_MAX_VARIABLES: whole(0, 10_000, DEFAULT_OPERATION_LIMITS.variables),
  GATEWAY_MAX_BATCH: whole(0, 1_000, DEFAULT_OPERATION_LIMITS.batch),
  GATEWAY_MAX_COST: whole(0, 1_000_000_000, 20_000),
  GATEWAY_COST_LIST_SIZE: whole(1, 10_000, DEFAULT_LIST_SIZE),
  GATEWAY_RATE_PER_IDENTITY: whole(0, 1_000_000, 200),
  GATEWAY_RATE_PER_ADDRESS: whole(0, 1_000_000, 1_000),
  GATEWAY_SOCKET_MESSAGES: whole(0, 1_000_000, 100),
  GATEWAY_CORS_ORIGINS: listOf('origins such as https://portal.example, with commas, or *', /^(\*|https?:\/\/[^/\s]+)$/).default([]),
  GATEWAY_TRUSTED_PROXIES: listOf(
    'addresses or networks, with commas, e.g. 10.0.0.0/8',
    /^([\da-f.:]+(\/\d{1,3})?|loopback|linklocal|uniquelocal)$/i,
  ).default([]),
  GATEWAY_TRUSTED_DOCUMENTS: text.optional(),
  GATEWAY_REQUIRED_SUBGRAPHS: listOf('names of subgraphs, with commas, or none', /^[a-z][\w-]*$/i).optional(),
  GATEWAY_REGISTRY_POLL_MS: whole(50, 10 * MINUTE, 1_000),
  GATEWAY_USAGE_REPORT_MS: whole(50, 10 * MINUTE, 10_000),
  GATEWAY_FETCH_TIMEOUT_MS: whole(10, 10 * MINUTE, 5_000),
  GATEWAY_DEPARTMENT_TIMEOUTS_MS: departmentTimeouts,
  GATEWAY_REQUEST_TIMEOUT_MS: whole(100, 10 * MINUTE, 30_000),
  GATEWAY_SUBSCRIPTION_QUEUE: whole(1, 100_000, 256),
  GATEWAY_SUBSCRIPTION_QUEUE_BYTES: whole(1_024, 64 * 1_048_576, 1_048_576),
  GATEWAY_SUBSCRIPTION_RESUME_MS: whole(0, 60 * MINUTE, MINUTE),
  GATEWAY_SUBSCRIPTION_ON_LOSS: z.enum(['end', 'status'], 'end or status').default('end'),
  GATEWAY_SUBSCRIPTION_KEEP_ALIVE_MS: whole(100, 10 * MINUTE, 12_000),
  GATEWAY_SUBSCRIPTION_INIT_TIMEOUT_MS: whole(0, 10 * MINUTE, 10_000),
  GATEWAY_SUBSCRIPTION_IDLE_MS: whole(0, 24 * 60 * MINUTE, 10 * MINUTE),
  GATEWAY_SUBSCRIPTION_LIFETIME_MS: whole(0, 24 * 60 * MINUTE, 0),
  GATEWAY_SUBSCRIPTIONS_PER_CONNECTION: whole(0, 10_000, 100),
  GATEWAY_CONNECTIONS_PER_IDENTITY: whole(0, 1_000_000, 200),
  GATEWAY_BODY_LIMIT: whole(1_024, 64 * 1_048_576, 1_048_576),
  REGISTRY_URL: httpUrl.optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'redis://host:port')
    .optional(),
  AUTH_JWKS_URL: listOf('http:// or https:// addresses, with commas', /^https?:\/\/\S+$/).optional(),
  AUTH_ISSUER: listOf('issuers, with commas', /\S/).optional(),
  AUTH_AUDIENCE: listOf('audiences, with commas', /\S/).optional(),
  AUTH_ALGORITHMS: algorithms,
  AUTH_CLOCK_TOLERANCE_S: whole(0, 300, 10),
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, LOG_LEVELS.join(', ')).default('info'),
  DATA_DIR: text.default('data'),
});

/**
 * Reads the settings from environment variables; a variable set to nothing counts as absent.
 * @throws CataloguedError CONFIGURATION_INVALID with every problem at once: the variable, what was found, what is allowed.
 */
export function readGatewaySettings(env: Readonly<Record<string, string | undefined>>): GatewaySettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const problems = Object.keys(given)
    .filter((name) => name.startsWith('GATEWAY_') && !(name in VARIABLES.shape))
    .map((name) => `${name} is no setting of the gateway; it knows ${Object.keys(VARIABLES.shape).join(', ')}`);

  const read = VARIABLES.safeParse(given);
  for (const { path, message } of read.error?.issues ?? []) {
    const name = String(path[0]);
    // an address may hold a password
    problems.push(`${name} is ${name === 'REDIS_URL' ? 'not valid' : JSON.stringify(given[name])}; allowed: ${message}`);
  }
  const identity = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'];
  const missing = identity.filter((name) => given[name] === undefined);
  if (missing.length > 0 && missing.length < identity.length) {
    problems.push(`${missing.join(' and ')} not set; ${identity.join(', ')} are set together or not at all`);
  }
  problems.push(...contradictions(given, read.data));
  if (!read.success || problems.length > 0) {
    throw new CataloguedError('CONFIGURATION_INVALID', `the configuration is not valid:\n${problems.map((p) => `  - ${p}`).join('\n')}`, {
      problems,
    });
  }
  const { data } = read;
  const production = data.NODE_ENV === 'production';
  return {
    host: data.GATEWAY_HOST,
    port: data.GATEWAY_PORT,
    supergraphFile: data.GATEWAY_SUPERGRAPH,
    registryUrl: data.REGISTRY_URL,
    registryPollMs: data.GATEWAY_REGISTRY_POLL_MS,
    usageReportMs: data.GATEWAY_USAGE_REPORT_MS,
    auth: data.GATEWAY_AUTH === 'on',
    audit: (data.GATEWAY_AUDIT ?? data.GATEWAY_AUTH) === 'on',
    production,
    introspection: data.GATEWAY_INTROSPECTION === undefined ? !production : data.GATEWAY_INTROSPECTION === 'on',
    landingPage: data.GATEWAY_LANDING_PAGE === undefined ? !production : data.GATEWAY_LANDING_PAGE === 'on',
    issuers: (data.AUTH_JWKS_URL ?? []).map((jwksUrl, index) => ({
      jwksUrl,
      issuer: data.AUTH_ISSUER?.[index] as string,
      audience: (data.AUTH_AUDIENCE?.[index] ?? data.AUTH_AUDIENCE?.[0]) as string,
    })),
    identity: { algorithms: data.AUTH_ALGORITHMS, clockTolerance: data.AUTH_CLOCK_TOLERANCE_S },
    authorizationFile: data.GATEWAY_AUTHORIZATION,
    rejectUnauthorized: data.GATEWAY_UNAUTHORIZED === 'reject',
    limits: {
      ...DEFAULT_OPERATION_LIMITS,
      depth: data.GATEWAY_MAX_DEPTH,
      fields: data.GATEWAY_MAX_FIELDS,
      aliases: data.GATEWAY_MAX_ALIASES,
      rootFields: data.GATEWAY_MAX_ROOT_FIELDS,
      directives: data.GATEWAY_MAX_DIRECTIVES,
      listItems: data.GATEWAY_MAX_LIST_ITEMS,
      variables: data.GATEWAY_MAX_VARIABLES,
      batch: data.GATEWAY_MAX_BATCH,
    },
    cost: { limit: data.GATEWAY_MAX_COST, listSize: data.GATEWAY_COST_LIST_SIZE },
    rates: { perIdentity: data.GATEWAY_RATE_PER_IDENTITY, perAddress: data.GATEWAY_RATE_PER_ADDRESS },
    redisUrl: data.REDIS_URL,
    corsOrigins: data.GATEWAY_CORS_ORIGINS,
    trustedProxies: data.GATEWAY_TRUSTED_PROXIES,
    trustedDocumentsFile: data.GATEWAY_TRUSTED_DOCUMENTS,
    requiredSubgraphs: requiredOf(data),
    fetchTimeoutMs: data.GATEWAY_FETCH_TIMEOUT_MS,
    departmentTimeoutsMs: data.GATEWAY_DEPARTMENT_TIMEOUTS_MS,
    requestTimeoutMs: data.GATEWAY_REQUEST_TIMEOUT_MS,
    subscriptions: {
      queueLimit: data.GATEWAY_SUBSCRIPTION_QUEUE,
      queueBytes: data.GATEWAY_SUBSCRIPTION_QUEUE_BYTES,
      resumeForMs: data.GATEWAY_SUBSCRIPTION_RESUME_MS,
      onLoss: data.GATEWAY_SUBSCRIPTION_ON_LOSS,
      keepAliveMs: data.GATEWAY_SUBSCRIPTION_KEEP_ALIVE_MS,
      connectionsPerIdentity: data.GATEWAY_CONNECTIONS_PER_IDENTITY,
      subscriptionsPerConnection: data.GATEWAY_SUBSCRIPTIONS_PER_CONNECTION,
      messagesPerSecond: data.GATEWAY_SOCKET_MESSAGES,
      initTimeoutMs: data.GATEWAY_SUBSCRIPTION_INIT_TIMEOUT_MS,
      idleMs: data.GATEWAY_SUBSCRIPTION_IDLE_MS,
      lifetimeMs: data.GATEWAY_SUBSCRIPTION_LIFETIME_MS,
    },
    bodyLimit: data.GATEWAY_BODY_LIMIT,
    logLevel: data.LOG_LEVEL,
    dataDir: data.DATA_DIR,
  };
}

/** What is allowed by itself and not together. */
function* contradictions(
  given: Readonly<Record<string, string | undefined>>,
  data: z.infer<typeof VARIABLES> | undefined,
): Generator<string> {
  const issuers = data?.AUTH_ISSUER?.length ?? 0;
  if (data?.AUTH_JWKS_URL !== undefined && data.AUTH_ISSUER !== undefined && data.AUTH_JWKS_URL.length !== issuers)
    yield `AUTH_JWKS_URL names ${data.AUTH_JWKS_URL.length} and AUTH_ISSUER ${issuers}; each issuer has one address`;
  if (data?.AUTH_AUDIENCE !== undefined && issuers > 0 && data.AUTH_AUDIENCE.length !== 1 && data.AUTH_AUDIENCE.length !== issuers)
    yield `AUTH_AUDIENCE names ${data.AUTH_AUDIENCE.length}; allowed: one for all issuers, or one for each of the ${issuers}`;
  if (data !== undefined && new Set(data.AUTH_ISSUER).size !== issuers) yield 'AUTH_ISSUER names an issuer twice';
  const isOff = given['GATEWAY_AUTH'] === 'off';
  const said = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'].filter((name) => given[name] !== undefined);
  if (isOff && said.length > 0) yield `GATEWAY_AUTH is "off" and ${said.join(', ')} set; without identity nobody vouches for clients`;
  if (!isOff && said.length === 0 && given['NODE_ENV'] === 'production')
    yield 'NODE_ENV is "production", where the demonstration issuer does not run; set AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE';
}

/** A fixed supergraph's subgraphs are required only when they are named. */
function requiredOf(data: z.infer<typeof VARIABLES>): readonly string[] | undefined {
  const named = data.GATEWAY_REQUIRED_SUBGRAPHS;
  if (named === undefined) return data.GATEWAY_SUPERGRAPH === undefined ? undefined : [];
  return named.length === 1 && named[0] === 'none' ? [] : named;
}
