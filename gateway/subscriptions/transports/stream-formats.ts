import type { LiveProtocol } from '../live-metrics.js';
import type { SharedResult } from '../shared-result.js';
import { bytesOf } from './frames.js';

/** How results are written into a response that stays open. Everything is one byte per character. */
export interface StreamFormat {
  readonly protocol: LiveProtocol;
  readonly contentType: string;
  /** Sent at once, so that the client, and what is between, know that the stream is open. */
  readonly opening: string;
  readonly heartbeat: string;
  /** Sent after the last result. */
  readonly closing: string;
  result(result: SharedResult): string;
  /** Errors that end the stream; `closing` follows. */
  errors(errors: readonly unknown[]): string;
}

/**
 * graphql-sse, distinct connections mode. Events carry their cursor as `id`, which a browser's EventSource sends back as
 * `Last-Event-ID` when it reconnects.
 */
export const SERVER_SENT_EVENTS: StreamFormat = {
  protocol: 'sse',
  contentType: 'text/event-stream; charset=utf-8',
  opening: ':\n\n',
  heartbeat: ':\n\n',
  closing: 'event: complete\ndata:\n\n',
  result: (result) => result.form(SERVER_SENT_EVENTS, serverSentEvent),
  errors: (errors) => `event: next\ndata: ${bytesOf(JSON.stringify({ errors }))}\n\n`,
};

function serverSentEvent({ json, cursor }: SharedResult): string {
  // a cursor with a line break in it would end the field
  const id = cursor === undefined || /[\r\n\0]/.test(cursor) ? '' : `id: ${cursor}\n`;
  return bytesOf(`${id}event: next\ndata: ${json}\n\n`);
}

const part = (body: string) => `\r\ncontent-type: application/json\r\n\r\n${bytesOf(body)}\r\n--graphql`;

/**
 * Apollo's multipart subscription protocol 1.0. A part ends with the boundary of the next one: clients take a part only
 * when they have seen that.
 */
export const MULTIPART: StreamFormat = {
  protocol: 'multipart',
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  opening: `\r\n--graphql${part('{}')}`,
  heartbeat: part('{}'),
  closing: '--\r\n',
  result: (result) => result.form(MULTIPART, ({ json }) => part(`{"payload":${json}}`)),
  errors: (errors) => part(JSON.stringify({ payload: null, errors })),
};

/**
 * The format that an Accept header prefers; undefined for a plain response. Clients name what they read of all kinds of
 * operations with every query, so a stream is given only where it comes before JSON: by its weight, then by its place.
 */
export function streamFormatOf(accept: string | undefined): StreamFormat | undefined {
  const preferred = (accept ?? '')
    .split(',')
    .map((range) => ({ range: range.trim(), weight: Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1) }))
    .filter(({ range, weight }) => weight > 0 && (formatOf(range) !== undefined || /^(application\/|\*\/\*)/i.test(range)))
    // the sort is stable
    .toSorted((a, b) => b.weight - a.weight);
  return formatOf(preferred[0]?.range ?? '');
}

function formatOf(range: string): StreamFormat | undefined {
  if (/^text\/event-stream\b/i.test(range)) return SERVER_SENT_EVENTS;
  return /^multipart\/mixed\b.*\bsubscriptionSpec="?1\.0/i.test(range) ? MULTIPART : undefined;
}
