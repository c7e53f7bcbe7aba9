import type { Dispatcher } from 'undici';

export interface WireAnswer {
  readonly statusCode: number;
  readonly text: string;
  /** Whether the peer closes the connection after it. */
  readonly closes: boolean;
}

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Sends one request and takes in its whole answer. By `dispatch` rather than `request`: no stream is made for a body that is
 * wanted as one text, which saves a third of what a call costs. Rejects with undici's error, or as soon as `signal` aborts.
 */
export function exchange(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions, signal: AbortSignal): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let statusCode = 0;
    let closes = false;
    let chunks: Buffer[] | undefined;
    let first: Buffer | undefined;
    const giveUp = () => {
      reject(signal.reason as Error);
      controller?.abort(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    dispatcher.dispatch(options, {
      onRequestStart(given) {
        controller = given;
        // it may have waited for a connection until nobody wanted it any more
        if (signal.aborted) given.abort(signal.reason as Error);
      },
      onResponseStart(_, status, headers) {
        statusCode = status;
        closes = headers['connection'] === 'close';
      },
      onResponseData(_, chunk) {
        if (first === undefined) first = chunk;
        else (chunks ??= [first]).push(chunk);
      },
      onResponseEnd() {
        signal.removeEventListener('abort', giveUp);
        const body = chunks === undefined ? first : Buffer.concat(chunks);
        const text = body === undefined ? '' : body.toString();
        resolve({ statusCode, closes, text: text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text });
      },
      onResponseError(_, error) {
        signal.removeEventListener('abort', giveUp);
        reject(error);
      },
    });
  });
}
