import { z } from 'zod';
import { CataloguedError } from '../subgraphs/kit/errors/catalogued-error.js';

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
  /** Whether clients may read the schema. */
  readonly introspection: boolean;
  /** Who vouches for clients; absent, the built-in issuer of the demonstration does. */
  readonly issuer: { readonly jwksUrl: string; readonly issuer: string; readonly audience: string } | undefined;
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

const departmentTimeouts = z
  .string()
  .regex(/^[a-z][a-z0-9-]*=\d{1,6}(,[a-z][a-z0-9-]*=\d{1,6})*$/, 'pairs of department code and milliseconds, e.g. drug=2000,transport=8000')
  .transform((value) => Object.fromEntries(value.split(',').map((pair) => [pair.split('=')[0], Number(pair.split('=')[1])])))
  .default({});

const VARIABLES = z.object({
  GATEWAY_HOST: text.default('127.0.0.1'),
  GATEWAY_PORT: whole(0, 65_535, 4_000),
  GATEWAY_SUPERGRAPH: text.optional(),
  GATEWAY_AUTH: z.enum(['on', 'off'], 'on or off').default('on'),
  GATEWAY_INTROSPECTION: z.enum(['on', 'off'], 'on or off').default('on'),
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
  AUTH_JWKS_URL: httpUrl.optional(),
  AUTH_ISSUER: text.optional(),
  AUTH_AUDIENCE: text.optional(),
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
    problems.push(`${name} is ${JSON.stringify(given[name])}; allowed: ${message}`);
  }
  const identity = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'];
  const missing = identity.filter((name) => given[name] === undefined);
  if (missing.length > 0 && missing.length < identity.length) {
    problems.push(`${missing.join(' and ')} not set; ${identity.join(', ')} are set together or not at all`);
  }
  if (!read.success || problems.length > 0) {
    throw new CataloguedError('CONFIGURATION_INVALID', `the configuration is not valid:\n${problems.map((p) => `  - ${p}`).join('\n')}`, {
      problems,
    });
  }
  const { data } = read;
  return {
    host: data.GATEWAY_HOST,
    port: data.GATEWAY_PORT,
    supergraphFile: data.GATEWAY_SUPERGRAPH,
    registryUrl: data.REGISTRY_URL,
    registryPollMs: data.GATEWAY_REGISTRY_POLL_MS,
    usageReportMs: data.GATEWAY_USAGE_REPORT_MS,
    auth: data.GATEWAY_AUTH === 'on',
    introspection: data.GATEWAY_INTROSPECTION === 'on',
    issuer:
      data.AUTH_JWKS_URL === undefined
        ? undefined
        : { jwksUrl: data.AUTH_JWKS_URL, issuer: data.AUTH_ISSUER as string, audience: data.AUTH_AUDIENCE as string },
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
      initTimeoutMs: data.GATEWAY_SUBSCRIPTION_INIT_TIMEOUT_MS,
      idleMs: data.GATEWAY_SUBSCRIPTION_IDLE_MS,
      lifetimeMs: data.GATEWAY_SUBSCRIPTION_LIFETIME_MS,
    },
    bodyLimit: data.GATEWAY_BODY_LIMIT,
    logLevel: data.LOG_LEVEL,
    dataDir: data.DATA_DIR,
  };
}
