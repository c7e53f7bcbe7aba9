import { join } from 'node:path';
import { z } from 'zod';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';

const text = z.string().min(1, 'a text that is not empty');
const httpUrl = z.string().refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'an http:// or https:// address');

const VARIABLES = z.object({
  DATA_DIR: text.default('data'),
  STORE_URL: z
    .string()
    .regex(/^(memory:$|file:|mysql:\/\/|mariadb:\/\/)/, 'memory:, file:DIRECTORY, mysql://user:password@host:port/prefix or mariadb://…')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'redis://host:port')
    .optional(),
  CALENDAR_NOTICES: text.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SUBGRAPH_HOST: text.default('127.0.0.1'),
  SUBGRAPH_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'a port')
    .transform(Number)
    .default(0),
  PUBLIC_URL: httpUrl.optional(),
  REGISTRY_URL: httpUrl.optional(),
  CATALOG_URL: httpUrl.optional(),
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
  /** A JSON file of official holiday notices, for years the built-in calendar does not cover. */
  readonly calendarNotices: string | undefined;
  readonly logLevel: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** How others reach the subgraph, when that differs from where it listens. */
  readonly publicUrl: string | undefined;
  readonly registryUrl: string | undefined;
  readonly catalogUrl: string | undefined;
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
  const read = VARIABLES.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${String(path[0])}; allowed: ${message}`);
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
    calendarNotices: data.CALENDAR_NOTICES,
    logLevel: data.LOG_LEVEL,
    host: data.SUBGRAPH_HOST,
    port: data.SUBGRAPH_PORT,
    publicUrl: data.PUBLIC_URL,
    registryUrl: data.REGISTRY_URL,
    catalogUrl: data.CATALOG_URL,
    filesUrl: data.FILES_URL,
    files: fileSettings(data),
  };
}

/** @throws CataloguedError CONFIGURATION_INVALID when a bucket is named without the keys to it */
function fileSettings(data: Variables): FileSettings {
  if (data.FILES_S3_BUCKET === undefined) return { kind: 'disk', directory: data.FILES_DIR ?? join(data.DATA_DIR, 'files') };
  const { FILES_S3_ACCESS_KEY: accessKeyId, FILES_S3_SECRET_KEY: secretAccessKey } = data;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const problems = ['FILES_S3_ACCESS_KEY and FILES_S3_SECRET_KEY; needed with FILES_S3_BUCKET'];
    throw new CataloguedError('CONFIGURATION_INVALID', `the configuration is not valid:\n  - ${problems[0]}`, { problems });
  }
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
