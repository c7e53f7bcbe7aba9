import { randomUUID } from 'node:crypto';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Logger } from 'pino';
import { CataloguedError } from '../errors/catalogued-error.js';
import { loggableError } from '../errors/loggable-error.js';
import type { Store } from '../store/open-store.js';
import { toldOfStore } from '../store/store-fault.js';
import { exchangeRecords } from './exchange-table.js';
import type { ExchangedRequest, SignedRequest } from './message-signature.js';

/** A signed request that is on record, and is yet to end. */
export interface Logged {
  /**
   * Never rejects: what the request came to is told as it is, though that can't be recorded. The record then has no end.
   * @param outcome OK or an error code
   */
  settled(outcome: string): Promise<void>;
}

/** Where an end of the exchange keeps what it sent and received. */
export interface ExchangeLog {
  /** @throws CataloguedError SIGNATURE_REJECTED for a nonce that was received before; STORE_UNAVAILABLE, STORE_NOT_WRITABLE */
  add(direction: 'SENT' | 'RECEIVED', request: ExchangedRequest, signed: SignedRequest, at: Date): Promise<Logged>;
}

/** Keeps them in a subgraph's audit store. */
export class StoredExchangeLog implements ExchangeLog {
  readonly #store: Promise<Store>;

  readonly #log: Pick<Logger, 'warn'>;

  constructor(store: Promise<Store> | Store, log: Pick<Logger, 'warn'>) {
    this.#log = log;
    this.#store = Promise.resolve(store);
    this.#store.catch(() => {});
  }

  async add(direction: 'SENT' | 'RECEIVED', request: ExchangedRequest, signed: SignedRequest, at: Date): Promise<Logged> {
    try {
      return await this.#add(direction, request, signed, at);
    } catch (error) {
      // it is the store of whoever keeps the record that is down, and not whom it would have been sent to
      throw toldOfStore(error) ?? error;
    }
  }

  async #add(direction: 'SENT' | 'RECEIVED', request: ExchangedRequest, signed: SignedRequest, at: Date): Promise<Logged> {
    const store = await this.#store;
    const id = randomUUID();
    const { method, recipient, requestId } = request;
    const { sender, nonce, contentDigest, signatureInput, signature } = signed;
    try {
      await store.fork().insert(exchangeRecords, {
        id,
        direction,
        sender,
        recipient,
        at,
        method,
        path: request.path.slice(0, 250),
        requestId: requestId.slice(0, 64),
        nonce,
        contentDigest,
        signatureInput,
        signature,
        outcome: null,
      });
    } catch (error) {
      if (!(error instanceof UniqueConstraintViolationException)) throw error;
      throw new CataloguedError('SIGNATURE_REJECTED', 'the signature of this request is not valid here and now');
    }
    return {
      settled: async (outcome) => {
        try {
          await store.fork().nativeUpdate(exchangeRecords, { id }, { outcome: outcome.slice(0, 64) });
        } catch (error) {
          this.#log.warn({ requestId, err: loggableError(error) }, 'the end of a signed request could not be put on record');
        }
      },
    };
  }
}
