import type { ExchangeKeys } from './exchange-keys.js';
import type { ExchangeLog, Logged } from './exchange-log.js';
import { type ExchangedRequest, signatureHeaders, signRequest } from './message-signature.js';

/** A request that is signed and on record, ready to be sent. */
export interface SignedDispatch extends Logged {
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs what one party sends to others, and records it before it goes out. */
export class ExchangeSender {
  constructor(
    readonly party: string,
    readonly keys: ExchangeKeys,
    readonly log: ExchangeLog,
    readonly clock: () => Date,
  ) {}

  async sign(request: ExchangedRequest): Promise<SignedDispatch> {
    const now = this.clock();
    const signed = signRequest(request, this.party, await this.keys.signingKey(this.party), now);
    const logged = await this.log.add('SENT', request, signed, now);
    return { headers: signatureHeaders(request, signed), settled: (outcome) => logged.settled(outcome) };
  }
}
