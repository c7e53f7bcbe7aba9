import type { SignatureAlgorithm } from '../../subgraphs/kit/exchange/signature-algorithm.js';
import type { RetentionPolicy } from '../../subgraphs/kit/feed/retention.js';
import type { SealAlgorithm } from '../../subgraphs/kit/privacy/seal-algorithm.js';
import type { OverloadBounds } from '../../subgraphs/kit/server/overload.js';
import type { StoreLimits } from '../../subgraphs/kit/store/store-limits.js';
import type { TraceSettings } from '../../subgraphs/kit/traces/traces.js';
import type { Values } from './all-settings.js';
import { type FileSettings, fileSettings } from './settings/files.js';
import { type LOG_LEVELS, traceSettings } from './settings/process.js';

/** What an operator may set about the platform and its subgraphs. */
export interface SubgraphSettings {
  readonly dataDir: string;
  /** Each subgraph appends its name. */
  readonly storeUrl: string;
  readonly storeLimits: StoreLimits;
  readonly redisUrl: string | undefined;
  /** How long the ledger's and the departments' feeds keep their events; without a member, for ever. */
  readonly feedRetention: RetentionPolicy;
  /** A JSON file of official holiday notices, for years the built-in calendar does not cover. */
  readonly calendarNotices: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Who sends it may read `/metrics`. */
  readonly metricsToken: string | undefined;
  /** Milliseconds for which it still answers once it is told to stop. */
  readonly drainDelayMs: number;
  /** From where on new requests are turned away. */
  readonly overload: OverloadBounds;
  /** Where spans go; undefined: nothing is recorded. */
  readonly traces: TraceSettings | undefined;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** How others reach the subgraph, when that differs from where it listens. */
  readonly publicUrl: string | undefined;
  /** `id:base64,…`, the current one first; or a file that has the same, one a line. */
  readonly personalDataKeys: string | undefined;
  readonly personalDataKeysFile: string | undefined;
  readonly personalDataAlgorithm: SealAlgorithm;
  /** Where audits and the logs of signed requests are kept; with the other stores when left out. */
  readonly auditStoreUrl: string | undefined;
  /** Whether what goes between the platform and departments is signed, and has to be. */
  readonly exchangeSignatures: boolean;
  readonly exchangeAlgorithm: SignatureAlgorithm;
  readonly exchangeKeysDir: string | undefined;
  /** Nothing is made up then that an operator should have set. */
  readonly production: boolean;
  readonly registryUrl: string | undefined;
  readonly catalogUrl: string | undefined;
  readonly acceptanceUrl: string | undefined;
  /** A JSON file of the levels and thresholds of supervision that differ from the built-in ones. */
  readonly supervisionRules: string | undefined;
  /** How clients reach the ledger for files, when that differs from where it listens. */
  readonly filesUrl: string | undefined;
  readonly files: FileSettings;
}

export function subgraphSettings(values: Values): SubgraphSettings {
  return {
    dataDir: values.DATA_DIR,
    storeUrl: values.STORE_URL ?? `file:${values.DATA_DIR}`,
    storeLimits: {
      poolMax: values.STORE_POOL_MAX,
      connectTimeout: values.STORE_CONNECT_TIMEOUT_MS,
      acquireTimeout: values.STORE_ACQUIRE_TIMEOUT_MS,
      queryTimeout: values.STORE_QUERY_TIMEOUT_MS,
    },
    redisUrl: values.REDIS_URL,
    feedRetention: { days: values.FEED_RETENTION_DAYS, events: values.FEED_RETENTION_EVENTS },
    calendarNotices: values.CALENDAR_NOTICES,
    logLevel: values.LOG_LEVEL,
    metricsToken: values.METRICS_TOKEN,
    drainDelayMs: values.DRAIN_DELAY_MS,
    traces: traceSettings(values),
    overload: { lagMs: values.MAX_EVENT_LOOP_LAG_MS, inFlight: values.MAX_REQUESTS_IN_FLIGHT },
    host: values.SUBGRAPH_HOST,
    port: values.SUBGRAPH_PORT,
    publicUrl: values.PUBLIC_URL,
    personalDataKeys: values.PERSONAL_DATA_KEYS,
    personalDataKeysFile: values.PERSONAL_DATA_KEYS_FILE,
    personalDataAlgorithm: values.PERSONAL_DATA_ALGORITHM,
    auditStoreUrl: values.AUDIT_STORE_URL,
    exchangeSignatures: values.EXCHANGE_SIGNATURES,
    exchangeAlgorithm: values.EXCHANGE_ALGORITHM,
    exchangeKeysDir: values.EXCHANGE_KEYS_DIR,
    production: values.NODE_ENV === 'production',
    registryUrl: values.REGISTRY_URL,
    catalogUrl: values.CATALOG_URL,
    acceptanceUrl: values.ACCEPTANCE_URL,
    supervisionRules: values.SUPERVISION_RULES,
    filesUrl: values.FILES_URL,
    files: fileSettings(values, values.DATA_DIR),
  };
}
