import { expect, test } from 'vitest';
import { streamFormatOf } from '../../../gateway/subscriptions/transports/stream-formats.js';

test.each<[string | undefined, string | undefined]>([
  [undefined, undefined],
  ['*/*', undefined],
  ['application/json', undefined],
  ['text/event-stream', 'sse'],
  ['text/event-stream, */*', 'sse'],
  ['text/event-stream;q=0', undefined],
  ['application/json;q=0.5, text/event-stream', 'sse'],
  ['text/event-stream;q=0.5, application/json', undefined],
  // with every query, of whatever kind
  ['application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed', undefined],
  ['text/event-stream, multipart/mixed', 'sse'],
  ['multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9', 'multipart'],
  ['multipart/mixed;subscriptionSpec=1.0, application/json', 'multipart'],
  ['multipart/mixed;deferSpec=20220824, application/json', undefined],
])('a client that accepts %j is answered as %s', (accept, protocol) => {
  expect(streamFormatOf(accept)?.protocol).toBe(protocol);
});
