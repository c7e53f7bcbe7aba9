import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import type { ExchangeKeys } from '../exchange/exchange-keys.js';
import type { RetentionPolicy } from '../feed/retention.js';
import { InProcessWakeUp, RedisWakeUp, type WakeUp } from '../feed/wake-up.js';
import type { InternalTokens, InternalTokenVerifier } from '../identity/internal-tokens.js';
import type { PersonalDataKeys } from '../privacy/personal-data-keys.js';
import type { StoreLimits } from '../store/store-limits.js';
import type { TraceSettings } from '../traces/traces.js';
import type { OverloadBounds } from './overload.js';

/** Everything a subgraph is given when it starts; nothing is read from the process itself. */
export interface SubgraphEnvironment {
  /** Where stores are kept; each subgraph appends its name. */
  readonly storeUrl: string;
  /** How many connections stores may use, and how long they are waited for; as store-limits.ts has it when left out. */
  readonly storeLimits?: StoreLimits | undefined;
  /** Shared by instances in several processes; without it wake-ups stay in this process. */
  readonly redisUrl?: string | undefined;
  /** How long feeds that need not be whole keep their events; absent, for ever. */
  readonly feedRetention?: RetentionPolicy | undefined;
  /** Checks who calls. */
  readonly verifier: InternalTokenVerifier;
  /** Signs calls to other subgraphs. */
  readonly tokens: InternalTokens;
  /** Signs what goes between the platform and departments, and checks it; without keys nothing is signed, and nothing has to be. */
  readonly exchange?: ExchangeKeys | undefined;
  /** Where audits are kept; beside the other stores when left out. */
  readonly auditStoreUrl?: string | undefined;
  /** What personal data is sealed with at rest. */
  readonly personalData: PersonalDataKeys;
  /** The registry's address, for whoever registers with it or follows it. */
  readonly registry?: { readonly url: string; readonly subscriptionUrl: string } | undefined;
  readonly calendar: WorkingCalendar;
  readonly clock: () => Date;
  readonly log: Logger;
  /** Where it counts what it does; of its own when left out. Each subgraph has one to itself. */
  readonly metrics?: Registry | undefined;
  /** Who sends it may read `/metrics`; without it, whoever asks directly from within. */
  readonly metricsToken?: string | undefined;
  /** Milliseconds for which it still answers once it is told to stop; 0 when left out. */
  readonly drainDelayMs?: number | undefined;
  /** From where on new requests are turned away; none when left out. */
  readonly overload?: OverloadBounds | undefined;
  /** Where spans go; nothing is recorded when left out. */
  readonly traces?: TraceSettings | undefined;
  readonly host?: string | undefined;
  /** 0 (default) lets the system choose. */
  readonly port?: number | undefined;
  /** How others reach it, when that differs from the address it listens on. */
  readonly publicUrl?: string | undefined;
}

export function wakeUpFor({ redisUrl }: SubgraphEnvironment, name: string): WakeUp {
  return redisUrl === undefined ? new InProcessWakeUp() : new RedisWakeUp(redisUrl, `acceptance:feed:${name}`);
}
