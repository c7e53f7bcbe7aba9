import { join } from 'node:path';
import type { Logger } from 'pino';
import { publishedNotices, readNotices } from '../../subgraphs/kit/calendar/holiday-notice.js';
import { WorkingCalendar } from '../../subgraphs/kit/calendar/working-calendar.js';
import { ExchangeKeys } from '../../subgraphs/kit/exchange/exchange-keys.js';
import { openInternalKeys } from '../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../subgraphs/kit/identity/internal-tokens.js';
import { refuseToMake } from '../../subgraphs/kit/identity/key-file.js';
import type { SigningKeyFile } from '../../subgraphs/kit/identity/signing-key-file.js';
import type { SubgraphEnvironment } from '../../subgraphs/kit/server/subgraph-environment.js';
import type { Started } from '../config/contradictions.js';
import type { SubgraphSettings } from '../config/subgraph-settings.js';
import { NoPersonalData } from './no-personal-data.js';
import { openPersonalDataKeys } from './personal-data-keys.js';
import { socketUrl } from './socket-url.js';

const KEEPS_NONE: readonly Started[] = ['registry', 'catalog'];

export type InternalIdentity = Pick<SubgraphEnvironment, 'tokens' | 'verifier' | 'exchange'>;

/** What the parts of the platform know each other by; kept under the data directory. */
export async function openIdentity(settings: SubgraphSettings): Promise<InternalIdentity> {
  const keys = await openPlatformKeys(internalKeyFile(settings), settings);
  const exchange = settings.exchangeSignatures ? openExchangeKeys(settings) : undefined;
  return { tokens: await createInternalTokens(keys), verifier: createInternalTokenVerifier(keys), exchange };
}

export function internalKeyFile({ dataDir }: Pick<SubgraphSettings, 'dataDir'>): string {
  return join(dataDir, 'keys', 'internal.json');
}

export function certificateKeyFile({ dataDir }: Pick<SubgraphSettings, 'dataDir'>): string {
  return join(dataDir, 'keys', 'certificates.json');
}

/**
 * Keys that several parts share. Outside of production they are made when they are not there.
 * @throws CataloguedError CONFIGURATION_INVALID in production: a part on another machine would not have what is made here
 */
export function openPlatformKeys(file: string, { production }: Pick<SubgraphSettings, 'production'>): Promise<SigningKeyFile> {
  return production ? openInternalKeys(file, async () => refuseToMake(file)) : openInternalKeys(file);
}

export function openExchangeKeys({ dataDir, exchangeKeysDir, exchangeAlgorithm, production }: SubgraphSettings): ExchangeKeys {
  return new ExchangeKeys(exchangeKeysDir ?? join(dataDir, 'keys', 'exchange'), exchangeAlgorithm, production ? refuseToMake : undefined);
}

/** Makes what every subgraph of this process is given. Internal keys are kept under the data directory, those of personal data come to whoever keeps some. */
export async function openEnvironment(settings: SubgraphSettings, log: Logger, started: Started): Promise<SubgraphEnvironment> {
  const notices = settings.calendarNotices === undefined ? [] : await readNotices(settings.calendarNotices);
  return {
    storeUrl: settings.storeUrl,
    auditStoreUrl: settings.auditStoreUrl,
    storeLimits: settings.storeLimits,
    redisUrl: settings.redisUrl,
    feedRetention: settings.feedRetention,
    ...(await openIdentity(settings)),
    personalData: KEEPS_NONE.includes(started) ? new NoPersonalData(settings.personalDataAlgorithm) : openPersonalDataKeys(settings),
    registry:
      settings.registryUrl === undefined ? undefined : { url: settings.registryUrl, subscriptionUrl: socketUrl(settings.registryUrl) },
    calendar: new WorkingCalendar([...publishedNotices(), ...notices]),
    clock: () => new Date(),
    log,
    metricsToken: settings.metricsToken,
    drainDelayMs: settings.drainDelayMs,
    overload: settings.overload,
    traces: settings.traces,
    host: settings.host,
    port: settings.port,
    publicUrl: settings.publicUrl,
  };
}
