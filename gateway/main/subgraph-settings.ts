import { join } from 'node:path';
import { z } from 'zod';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from '../../subgraphs/kit/exchange/signature-algorithm.js';
import type { RetentionPolicy } from '../../subgraphs/kit/feed/retention.js';
import { SEAL_ALGORITHMS, type SealAlgorithm } from '../../subgraphs/kit/privacy/seal-algorithm.js';

const text = z.string().min(1, 'a text that is not empty');
const httpUrl = z.string().refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'an http:// or https:// address');

const storeUrl = z
  .string()
  .regex(/^(memory:$|file:|mysql:\/\/|mariadb:\/\/)/, 'memory:, file:DIRECTORY, mysql://user:password@host:port/prefix or mariadb://…');
const whole = (least: number, most: number) =>
  z
    .string()
    .refine(
      (value) => /^\d{1,12}$/.test(value) && Number(value) >= least && Number(value) <= most,
      `a whole number from ${least} to ${most}`,
    )
    .transform(Number)
    .optional();

const VARIABLES = z.object({
  DATA_DIR: text.default('data'),
  STORE_URL: storeUrl.optional(),
  AUDIT_STORE_URL: storeUrl.optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'redis://host:port')
    .optional(),
  FEED_RETENTION_DAYS: whole(1, 36_500),
  FEED_RETENTION_EVENTS: whole(1_000, 1_000_000_000),
  CALENDAR_NOTICES: text.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SUBGRAPH_HOST: text.default('127.0.0.1'),
  SUBGRAPH_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'a port')
    .transform(Number)
    .default(0),
  PUBLIC_URL: httpUrl.optional(),
  PERSONAL_DATA_KEYS: text.optional(),
  PERSONAL_DATA_KEYS_FILE: text.optional(),
  PERSONAL_DATA_ALGORITHM: z.enum(SEAL_ALGORITHMS).default('aes-256-gcm'),
  EXCHANGE_SIGNATURES: z.enum(['on', 'off']).default('on'),
  EXCHANGE_ALGORITHM: z.enum(SIGNATURE_ALGORITHMS).default('ed25519'),
  EXCHANGE_KEYS_DIR: text.optional(),
  NODE_ENV: z.string().optional(),
  REGISTRY_URL: httpUrl.optional(),
  CATALOG_URL: httpUrl.optional(),
  ACCEPTANCE_URL: httpUrl.optional(),
  SUPERVISION_RULES: text.optional(),
  FILES_URL: httpUrl.optional(),
  FILES_DIR: text.optional(),
  FILES_S3_BUCKET: text.optional(),
  FILES_S3_REGION: text.default('us-east-1'),
  FILES_S3_ENDPOINT: httpUrl.optional(),
  FILES_S3_ACCESS_KEY: text.optional(),
  FILES_S3_SECRET_KEY: text.optional(),
  FILES_S3_PATH_STYLE: z.enum(['true', 'false']).default('true'),
});
type Variables = z.infer<typeof VARIABLES>;

/** What an operator may set about the platform and its subgraphs. */
export interface SubgraphSettings {
  readonly dataDir: string;
  /** Each subgraph appends its name. */
  readonly storeUrl: string;
  readonly redisUrl: string | undefined;
  /** How long the ledger's and the departments' feeds keep their events; without a member, for ever. */
  readonly feedRetention: RetentionPolicy;
  /** A JSON file of official holiday notices, for years the built-in calendar does not cover. */
  readonly calendarNotices: string | undefined;
  readonly logLevel: string;
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

/** Where uploads, documents and dossiers are kept. */
export type FileSettings =
  | { readonly kind: 'disk'; readonly directory: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly region: string;
      readonly endpoint: string | undefined;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly pathStyle: boolean;
    };

/**
 * Reads the settings from environment variables; a variable set to nothing counts as absent.
 * @throws CataloguedError CONFIGURATION_INVALID with every problem at once. Values are not repeated: they may hold passwords.
 */
export function readSubgraphSettings(env: Readonly<Record<string, string | undefined>>): SubgraphSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const read = VARIABLES.safeParse(given);
  const problems = read.success ? [] : read.error.issues.map(({ path, message }) => `${String(path[0])}; allowed: ${message}`);
  if (given['FILES_S3_BUCKET'] !== undefined)
    for (const name of ['FILES_S3_ACCESS_KEY', 'FILES_S3_SECRET_KEY'])
      if (given[name] === undefined) problems.push(`${name}; needed with FILES_S3_BUCKET`);
  if (!read.success || problems.length > 0) {
    throw new CataloguedError(
      'CONFIGURATION_INVALID',
      `the configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
      { problems },
    );
  }
  const { data } = read;
  return {
    dataDir: data.DATA_DIR,
    storeUrl: data.STORE_URL ?? `file:${data.DATA_DIR}`,
    redisUrl: data.REDIS_URL,
    feedRetention: { days: data.FEED_RETENTION_DAYS, events: data.FEED_RETENTION_EVENTS },
    calendarNotices: data.CALENDAR_NOTICES,
    logLevel: data.LOG_LEVEL,
    host: data.SUBGRAPH_HOST,
    port: data.SUBGRAPH_PORT,
    publicUrl: data.PUBLIC_URL,
    personalDataKeys: data.PERSONAL_DATA_KEYS,
    personalDataKeysFile: data.PERSONAL_DATA_KEYS_FILE,
    personalDataAlgorithm: data.PERSONAL_DATA_ALGORITHM,
    auditStoreUrl: data.AUDIT_STORE_URL,
    exchangeSignatures: data.EXCHANGE_SIGNATURES === 'on',
    exchangeAlgorithm: data.EXCHANGE_ALGORITHM,
    exchangeKeysDir: data.EXCHANGE_KEYS_DIR,
    production: data.NODE_ENV === 'production',
    registryUrl: data.REGISTRY_URL,
    catalogUrl: data.CATALOG_URL,
    acceptanceUrl: data.ACCEPTANCE_URL,
    supervisionRules: data.SUPERVISION_RULES,
    filesUrl: data.FILES_URL,
    files: fileSettings(data),
  };
}

function fileSettings(data: Variables): FileSettings {
  const { FILES_S3_ACCESS_KEY: accessKeyId = '', FILES_S3_SECRET_KEY: secretAccessKey = '' } = data;
  if (data.FILES_S3_BUCKET === undefined) return { kind: 'disk', directory: data.FILES_DIR ?? join(data.DATA_DIR, 'files') };
  return {
    kind: 's3',
    bucket: data.FILES_S3_BUCKET,
    region: data.FILES_S3_REGION,
    endpoint: data.FILES_S3_ENDPOINT,
    accessKeyId,
    secretAccessKey,
    pathStyle: data.FILES_S3_PATH_STYLE === 'true',
  };
}

/** The graphql-transport-ws address beside an HTTP one. */
export function socketUrl(url: string): string {
  return url.replace(/^http/, 'ws');
}
