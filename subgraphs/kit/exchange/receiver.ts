import { CataloguedError } from '../errors/catalogued-error.js';
import type { Caller } from '../identity/caller.js';
import { type ExchangeKeys, PLATFORM_PARTY } from './exchange-keys.js';
import type { ExchangeLog, Logged } from './exchange-log.js';
import { type ExchangedRequest, verifyRequest } from './message-signature.js';

/** A request whose signature was good. */
export interface ReceivedExchange extends Logged {
  readonly sender: string;
}

export interface ExchangeReceiverOptions {
  /** Its own name, as senders name it. */
  readonly recipient: string;
  readonly keys: ExchangeKeys;
  readonly log: ExchangeLog;
  readonly clock: () => Date;
  /** Which mutations must come signed. */
  readonly mustBeSigned: (mutation: string) => boolean;
}

/** Checks the signatures of what a subgraph receives: each is good once, within minutes, for this recipient and this body. */
export class ExchangeReceiver {
  constructor(readonly options: ExchangeReceiverOptions) {}

  /**
   * @returns undefined for a request without a signature
   * @throws CataloguedError SIGNATURE_REJECTED, alike for every fault
   */
  async receive(
    request: Omit<ExchangedRequest, 'recipient'>,
    headers: Readonly<Record<string, unknown>>,
  ): Promise<ReceivedExchange | undefined> {
    if (headers['signature-input'] === undefined && headers['signature'] === undefined) return undefined;
    const { recipient, keys, log, clock } = this.options;
    const now = clock();
    const exchanged = { ...request, recipient };
    const keyOf = (sender: string, keyId: string) => keys.publicKey(sender, keyId, now.getTime());
    const signed = verifyRequest(exchanged, headers, { keyOf, now });
    const logged = await log.add('RECEIVED', exchanged, signed, now);
    return { sender: signed.sender, settled: (outcome) => logged.settled(outcome) };
  }

  /**
   * Whether a mutation may go on. The platform signs what it does itself and what it passes on for its users; a department
   * signs for itself only.
   * @throws CataloguedError SIGNATURE_REQUIRED, SIGNATURE_REJECTED
   */
  admit(mutations: readonly string[], caller: Caller, received: ReceivedExchange | undefined): void {
    if (received === undefined) {
      if (!mutations.some((mutation) => this.options.mustBeSigned(mutation))) return;
      throw new CataloguedError('SIGNATURE_REQUIRED', 'this mutation has to come with the signature of the party that sends it');
    }
    const { sender } = received;
    if (sender === PLATFORM_PARTY || caller.roles.includes(`department:${sender}`)) return;
    throw new CataloguedError('SIGNATURE_REJECTED', 'the signature of this request is not valid here and now');
  }
}
