import { setTimeout } from 'node:timers/promises';
import { AUDIT_STORE, AUDIT_SUFFIX } from '../audit/audit-store.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { loggableError } from '../errors/loggable-error.js';
import { StoredExchangeLog } from '../exchange/exchange-log.js';
import { ExchangeReceiver } from '../exchange/receiver.js';
import { ExchangeSender } from '../exchange/sender.js';
import { openStore, type Store } from '../store/open-store.js';
import { storeAddress } from '../store/store-address.js';
import type { SubgraphEnvironment } from './subgraph-environment.js';

const ATTEMPTS = 5;
/** Milliseconds before the second attempt; longer before each one after it. */
const PAUSE = 200;

/** What a subgraph can prove later: who did what, and what it sent and received. */
export interface Evidence extends AsyncDisposable {
  readonly audit: AuditTrail;
  /** Undefined where no keys are configured. */
  readonly sender: ExchangeSender | undefined;
  readonly receiver: ExchangeReceiver | undefined;
  readonly clock: () => Date;
}

/** Of what a subgraph is given, what its evidence needs. */
export type EvidenceHome = Pick<SubgraphEnvironment, 'storeUrl' | 'storeLimits' | 'auditStoreUrl' | 'exchange' | 'clock' | 'log'>;

export interface EvidenceOptions {
  /** The subgraph's name, as others name it. */
  readonly name: string;
  /** As whom it signs. */
  readonly party: string;
  /** Which mutations it takes with a signature only. */
  readonly mustBeSigned?: (mutation: string) => boolean;
}

/** Opens a subgraph's audit store in the background: it serves meanwhile, and what has to be recorded waits. */
export function openEvidence(env: EvidenceHome, { name, party, mustBeSigned = () => false }: EvidenceOptions): Evidence {
  const { exchange: keys, clock } = env;
  const store = openPatiently(env, name);
  const audit = new AuditTrail(store);
  const log = new StoredExchangeLog(store, env.log);
  return {
    audit,
    clock,
    sender: keys && new ExchangeSender(party, keys, log, clock),
    receiver: keys && new ExchangeReceiver({ recipient: name, keys, log, clock, mustBeSigned }),
    [Symbol.asyncDispose]: () => audit[Symbol.asyncDispose](),
  };
}

/** Instances that start at once may be in each other's way while they make the store; whoever comes second finds it there. */
async function openPatiently(env: EvidenceHome, name: string): Promise<Store> {
  const address = storeAddress(env.auditStoreUrl ?? env.storeUrl, name + AUDIT_SUFFIX);
  for (let attempt = 1; ; attempt++) {
    try {
      return await openStore(address, AUDIT_STORE, undefined, env.storeLimits);
    } catch (error) {
      if (attempt === ATTEMPTS) {
        env.log.fatal({ err: loggableError(error) }, 'the audit can not be opened; nothing is changed that can not be recorded');
        throw error;
      }
      await setTimeout(PAUSE * attempt);
    }
  }
}
