import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What a client was told, over whatever it used. */
export interface Outcome {
  /** HTTP status, or the socket's close code. */
  readonly status: number;
  readonly text: string;
}

export type Ask = (url: string, authorization: string, query: string) => Promise<Outcome>;

const over =
  (accept: string, method: 'GET' | 'POST'): Ask =>
  async (url, authorization, query) => {
    const headers = { accept, authorization, 'content-type': 'application/json' };
    const response =
      method === 'GET'
        ? await fetch(`${url}?query=${encodeURIComponent(query)}`, { headers })
        : await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return { status: response.status, text: await response.text() };
  };

const socket =
  (byHeader: boolean): Ask =>
  async (url, authorization, query) => {
    const client = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', byHeader ? { headers: { authorization } } : {});
    const seen: string[] = [];
    const closed = once(client, 'close') as Promise<[number, Buffer]>;
    client.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string };
      seen.push(data.toString());
      if (message.type === 'connection_ack') client.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
      if (message.type === 'complete' || message.type === 'error') client.close(1000);
    });
    await once(client, 'open');
    client.send(JSON.stringify({ type: 'connection_init', ...(!byHeader && { payload: { authorization } }) }));
    const [status, reason] = await closed;
    return { status, text: `${seen.join('\n')}${reason.toString()}` };
  };

/** Every way to send an operation to the gateway. */
export const TRANSPORTS: readonly (readonly [name: string, ask: Ask])[] = [
  ['HTTP POST', over('application/json', 'POST')],
  ['HTTP GET', over('application/graphql-response+json', 'GET')],
  ['server-sent events', over('text/event-stream', 'POST')],
  ['server-sent events over GET', over('text/event-stream', 'GET')],
  ['multipart', over('multipart/mixed;subscriptionSpec="1.0"', 'POST')],
  ['a socket whose connection_init carries the token', socket(false)],
  ['a socket whose upgrade carries the token', socket(true)],
];
