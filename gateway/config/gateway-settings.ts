import type { OverloadBounds } from '../../subgraphs/kit/server/overload.js';
import type { TraceSettings } from '../../subgraphs/kit/traces/traces.js';
import type { OperationLimits } from '../limits/operation-limits.js';
import type { Algorithm } from '../security/client-identity.js';
import type { Values } from './all-settings.js';
import { type IssuerSettings, issuerSettings } from './settings/identity.js';
import { operationLimits } from './settings/limits.js';
import { type LOG_LEVELS, traceSettings } from './settings/process.js';
import { type LiveSettings, liveSettings } from './settings/subscriptions.js';

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
  readonly issuers: readonly IssuerSettings[];
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
  readonly subscriptions: LiveSettings;
  readonly bodyLimit: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Who sends it may read `/metrics`. */
  readonly metricsToken: string | undefined;
  /** Milliseconds for which it still answers once it is told to stop. */
  readonly drainDelayMs: number;
  /** From where on new requests are turned away. */
  readonly overload: OverloadBounds;
  /** Where spans go; undefined: nothing is recorded. */
  readonly traces: TraceSettings | undefined;
  readonly dataDir: string;
}

export function gatewaySettings(values: Values): GatewaySettings {
  const production = values.NODE_ENV === 'production';
  return {
    host: values.GATEWAY_HOST,
    port: values.GATEWAY_PORT,
    supergraphFile: values.GATEWAY_SUPERGRAPH,
    registryUrl: values.REGISTRY_URL,
    registryPollMs: values.GATEWAY_REGISTRY_POLL_MS,
    usageReportMs: values.GATEWAY_USAGE_REPORT_MS,
    auth: values.GATEWAY_AUTH,
    audit: values.GATEWAY_AUDIT ?? values.GATEWAY_AUTH,
    production,
    introspection: values.GATEWAY_INTROSPECTION ?? !production,
    landingPage: values.GATEWAY_LANDING_PAGE ?? !production,
    issuers: issuerSettings(values),
    identity: { algorithms: values.AUTH_ALGORITHMS, clockTolerance: values.AUTH_CLOCK_TOLERANCE_S },
    authorizationFile: values.GATEWAY_AUTHORIZATION,
    rejectUnauthorized: values.GATEWAY_UNAUTHORIZED === 'reject',
    limits: operationLimits(values),
    cost: { limit: values.GATEWAY_MAX_COST, listSize: values.GATEWAY_COST_LIST_SIZE },
    rates: { perIdentity: values.GATEWAY_RATE_PER_IDENTITY, perAddress: values.GATEWAY_RATE_PER_ADDRESS },
    redisUrl: values.REDIS_URL,
    corsOrigins: values.GATEWAY_CORS_ORIGINS,
    trustedProxies: values.GATEWAY_TRUSTED_PROXIES,
    trustedDocumentsFile: values.GATEWAY_TRUSTED_DOCUMENTS,
    requiredSubgraphs: requiredOf(values),
    fetchTimeoutMs: values.GATEWAY_FETCH_TIMEOUT_MS,
    departmentTimeoutsMs: values.GATEWAY_DEPARTMENT_TIMEOUTS_MS,
    requestTimeoutMs: values.GATEWAY_REQUEST_TIMEOUT_MS,
    subscriptions: liveSettings(values),
    bodyLimit: values.GATEWAY_BODY_LIMIT,
    logLevel: values.LOG_LEVEL,
    metricsToken: values.METRICS_TOKEN,
    drainDelayMs: values.DRAIN_DELAY_MS,
    traces: traceSettings(values),
    overload: { lagMs: values.MAX_EVENT_LOOP_LAG_MS, inFlight: values.MAX_REQUESTS_IN_FLIGHT },
    dataDir: values.DATA_DIR,
  };
}

/** A fixed supergraph's subgraphs are required only when they are named. */
function requiredOf({ GATEWAY_REQUIRED_SUBGRAPHS: named, GATEWAY_SUPERGRAPH }: Values): readonly string[] | undefined {
  if (named === undefined) return GATEWAY_SUPERGRAPH === undefined ? undefined : [];
  return named.length === 1 && named[0] === 'none' ? [] : named;
}
