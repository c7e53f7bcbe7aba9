import { join } from 'node:path';
import type { Logger } from 'pino';
import { publishedNotices, readNotices } from '../../subgraphs/kit/calendar/holiday-notice.js';
import { WorkingCalendar } from '../../subgraphs/kit/calendar/working-calendar.js';
import { loadInternalKeys } from '../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../subgraphs/kit/identity/internal-tokens.js';
import type { SubgraphEnvironment } from '../../subgraphs/kit/server/subgraph-environment.js';
import { type SubgraphSettings, socketUrl } from './subgraph-settings.js';

/** Makes what every subgraph of this process is given. Internal keys are kept under the data directory. */
export async function openEnvironment(settings: SubgraphSettings, log: Logger): Promise<SubgraphEnvironment> {
  const keys = await loadInternalKeys(join(settings.dataDir, 'keys', 'internal.json'));
  const notices = settings.calendarNotices === undefined ? [] : await readNotices(settings.calendarNotices);
  return {
    storeUrl: settings.storeUrl,
    redisUrl: settings.redisUrl,
    feedRetention: settings.feedRetention,
    verifier: createInternalTokenVerifier(keys),
    tokens: await createInternalTokens(keys),
    registry:
      settings.registryUrl === undefined ? undefined : { url: settings.registryUrl, subscriptionUrl: socketUrl(settings.registryUrl) },
    calendar: new WorkingCalendar([...publishedNotices(), ...notices]),
    clock: () => new Date(),
    log,
    host: settings.host,
    port: settings.port,
    publicUrl: settings.publicUrl,
  };
}
