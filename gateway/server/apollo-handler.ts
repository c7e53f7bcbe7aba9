import { Readable } from 'node:stream';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from './request-context.js';

/** Has Apollo Server answer an HTTP request whose `query` and `body` may have been replaced since it came. */
export async function answerByApollo(
  apollo: ApolloServer<GatewayContext>,
  request: FastifyRequest,
  reply: FastifyReply,
  context: () => Promise<GatewayContext>,
): Promise<unknown> {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const { method, body, query } = request;
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: method.toUpperCase(),
      headers,
      body,
      search: `?${searchOf(query as Record<string, unknown>).toString()}`,
    },
    context,
  });
  for (const [name, value] of answer.headers) void reply.header(name, value);
  void reply.code(answer.status ?? 200);
  return answer.body.kind === 'complete' ? answer.body.string : reply.send(Readable.from(answer.body.asyncIterator));
}

/** What came more than once stays so, for Apollo Server to refuse. */
function searchOf(query: Readonly<Record<string, unknown>>): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, typeof one === 'string' ? one : JSON.stringify(one));
  }
  return search;
}
