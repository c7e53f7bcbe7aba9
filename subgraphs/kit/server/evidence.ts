import { AUDIT_STORE, AUDIT_SUFFIX } from '../audit/audit-store.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { StoredExchangeLog } from '../exchange/exchange-log.js';
import { ExchangeReceiver } from '../exchange/receiver.js';
import { ExchangeSender } from '../exchange/sender.js';
import { openStore } from '../store/open-store.js';
import { storeAddress } from '../store/store-address.js';
import type { SubgraphEnvironment } from './subgraph-environment.js';

/** What a subgraph can prove later: who did what, and what it sent and received. */
export interface Evidence extends AsyncDisposable {
  readonly audit: AuditTrail;
  /** Undefined where no keys are configured. */
  readonly sender: ExchangeSender | undefined;
  readonly receiver: ExchangeReceiver | undefined;
  readonly clock: () => Date;
}

export interface EvidenceOptions {
  /** The subgraph's name, as others name it. */
  readonly name: string;
  /** As whom it signs. */
  readonly party: string;
  /** Which mutations it takes with a signature only. */
  readonly mustBeSigned?: (mutation: string) => boolean;
}

/** Opens a subgraph's audit store in the background: it serves meanwhile, and what has to be recorded waits. */
export function openEvidence(env: SubgraphEnvironment, { name, party, mustBeSigned = () => false }: EvidenceOptions): Evidence {
  const { exchange: keys, clock } = env;
  const store = openStore(storeAddress(env.auditStoreUrl ?? env.storeUrl, name + AUDIT_SUFFIX), AUDIT_STORE);
  const audit = new AuditTrail(store);
  const log = new StoredExchangeLog(store);
  return {
    audit,
    clock,
    sender: keys && new ExchangeSender(party, keys, log, clock),
    receiver: keys && new ExchangeReceiver({ recipient: name, keys, log, clock, mustBeSigned }),
    [Symbol.asyncDispose]: () => audit[Symbol.asyncDispose](),
  };
}
