import { WebSocket } from 'ws';
import { OutOfTime, Unmet } from '../unmet.js';
import { failureWords } from './failure-words.js';

/** Milliseconds. */
const FAREWELL = 1_000;

export const SUBPROTOCOL = 'graphql-transport-ws';

/** A message of the protocol, as it came. */
export interface TransportMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** Looks whether what is waited for is there; true once it is settled. */
type Waiter = () => boolean;

/**
 * A graphql-transport-ws client that hides nothing of the protocol, unlike a ready-made one: it sends what it is told,
 * also what is wrong, and hands out every message and the close code.
 */
export class TransportSocket implements AsyncDisposable {
  readonly #inbox: TransportMessage[] = [];
  readonly #waiters = new Set<Waiter>();
  #closeCode: number | undefined;

  private constructor(
    readonly socket: WebSocket,
    readonly timeoutMs: number,
  ) {
    // the default binaryType, so never an array of buffers
    socket.on('message', (data) => this.#receive((data as Buffer).toString()));
    socket.on('close', (code) => {
      this.#closeCode = code;
      this.#wake();
    });
    socket.on('error', () => undefined);
  }

  /** @throws Unmet when the handshake fails or takes longer than `timeoutMs`. */
  static async open(url: string, timeoutMs: number, subprotocol: string | undefined = SUBPROTOCOL): Promise<TransportSocket> {
    const opened = Promise.withResolvers<void>();
    let socket: WebSocket;
    try {
      socket = new WebSocket(url, subprotocol === '' ? [] : [subprotocol], { handshakeTimeout: timeoutMs, maxPayload: 16 * 1024 * 1024 });
    } catch {
      throw new Unmet('the subscription address is no URL');
    }
    // made before it opens, so that no message or close is missed
    const transport = new TransportSocket(socket, timeoutMs);
    socket.once('open', opened.resolve);
    socket.once('unexpected-response', (_request, { statusCode }) => {
      opened.reject(new Unmet(`the WebSocket handshake was refused (HTTP ${statusCode ?? 0})`));
      socket.terminate();
    });
    socket.once('error', (error) => {
      const late = /timed out/i.test(error.message);
      opened.reject(
        late ? new OutOfTime(`the WebSocket handshake took longer than ${timeoutMs} ms`) : new Unmet(`WebSocket: ${failureWords(error)}`),
      );
    });
    await opened.promise;
    return transport;
  }

  /** Sends a message, or a text as it is. */
  send(message: TransportMessage | string): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The first unread message that fits; others stay unread. @throws Unmet when the socket closes or time runs out first. */
  next(fits: (message: TransportMessage) => boolean, what: string): Promise<TransportMessage> {
    return this.#wait(what, () => {
      const index = this.#inbox.findIndex(fits);
      return index < 0 ? undefined : this.#inbox.splice(index, 1)[0];
    });
  }

  /** Unread messages that fit, now; takes them. */
  drain(fits: (message: TransportMessage) => boolean): TransportMessage[] {
    const found = this.#inbox.filter(fits);
    for (const message of found) this.#inbox.splice(this.#inbox.indexOf(message), 1);
    return found;
  }

  /** The code the server closes with. @throws Unmet when it does not close in time. */
  closed(): Promise<number> {
    return this.#wait('the server closing the socket', () => this.#closeCode, false);
  }

  /** Sends a ping and waits for the pong: everything the server had sent before is here then. @throws Unmet */
  async roundTrip(): Promise<void> {
    this.send({ type: 'ping' });
    await this.next(({ type }) => type === 'pong', 'a pong');
  }

  /** Breaks off without a word, as a lost connection does. */
  drop(): void {
    this.socket.terminate();
  }

  /** Says goodbye; a server that does not answer it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.close(1000);
    const left = setTimeout(() => this.socket.terminate(), FAREWELL);
    this.socket.once('close', () => clearTimeout(left));
  }

  #receive(text: string): void {
    const message = readMessage(text);
    if (message.type === 'ping') return this.send({ type: 'pong' });
    this.#inbox.push(message);
    return this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters) if (waiter()) this.#waiters.delete(waiter);
  }

  #wait<T>(what: string, look: () => T | undefined, whileOpen = true): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const waiter: Waiter = () => {
      const found = look();
      if (found !== undefined) resolve(found);
      else if (whileOpen && this.#closeCode !== undefined) reject(new Unmet(`the socket closed with ${this.#closeCode} before ${what}`));
      else return false;
      return true;
    };
    if (waiter()) return promise;
    this.#waiters.add(waiter);
    const timer = setTimeout(() => {
      this.#waiters.delete(waiter);
      reject(new OutOfTime(`waited ${this.timeoutMs} ms in vain for ${what}`));
    }, this.timeoutMs);
    return promise.finally(() => clearTimeout(timer));
  }
}

/** What is no message is one that nobody waits for. */
function readMessage(text: string): TransportMessage {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && 'type' in read && typeof read.type === 'string') return read as TransportMessage;
  } catch {
    // told apart from messages below
  }
  return { type: 'no message' };
}
