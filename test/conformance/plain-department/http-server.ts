import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { execute, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import type { Faults } from './faults.js';
import type { PlainTokens } from './tokens.js';

interface Answered {
  status: number;
  body: unknown;
}

/** GraphQL over HTTP, by hand. */
export function plainHttpServer(schema: GraphQLSchema, tokens: PlainTokens, faults: Faults): Server {
  let stumbling = false;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (stumbling) {
      stumbling = false;
      request.socket.destroy();
      return;
    }
    stumbling =
      (faults.has('deep query fatal') && text.includes('... on Query { ... on Query {')) ||
      (faults.has('large query fatal') && text.length > 500_000);
    const { status, body } = await answered(text, request.headers.authorization);
    const html = faults.has('HTML on errors') && status === 400;
    response.writeHead(status, { 'content-type': html ? 'text/html' : 'application/graphql-response+json; charset=utf-8' });
    response.end(html ? '<!doctype html><title>Error</title>' : JSON.stringify(body));
  };

  const answered = async (text: string, authorization: string | undefined): Promise<Answered> => {
    const caller = tokens.caller(authorization);
    if (caller === undefined)
      return { status: 401, body: { errors: [told(new GraphQLError('no valid internal token'), 'INTERNAL_TOKEN_REJECTED')] } };
    let posted: { query?: unknown; variables?: Record<string, unknown>; operationName?: string };
    try {
      posted = JSON.parse(text) as typeof posted;
    } catch {
      return bad([new GraphQLError('the body is no JSON')], 'BAD_REQUEST');
    }
    if (typeof posted.query !== 'string') return bad([new GraphQLError('there is no query')], 'BAD_REQUEST');
    let document;
    try {
      document = parse(posted.query, { maxTokens: 20_000 });
    } catch (error) {
      return bad([error instanceof GraphQLError ? error : new GraphQLError('the query nests too deeply')], 'GRAPHQL_PARSE_FAILED');
    }
    const problems = validate(schema, document);
    if (problems.length > 0) return bad(problems, 'GRAPHQL_VALIDATION_FAILED');
    const { variables, operationName } = posted;
    const contextValue = { caller, followed: () => undefined };
    const result = await execute({ schema, document, variableValues: variables, operationName, contextValue });
    if (result.data === undefined) return bad(result.errors ?? [], 'BAD_USER_INPUT');
    return { status: 200, body: { data: result.data, ...(result.errors && { errors: result.errors.map((error) => told(error)) }) } };
  };

  const bad = (errors: readonly GraphQLError[], code: string): Answered => ({
    status: faults.has('bad requests are 500') ? 500 : 400,
    body: { errors: faults.has('errors without a list') ? 'wrong' : errors.map((error) => told(error, code)) },
  });

  const told = (error: GraphQLError, code?: string): object => {
    const { message, path, extensions } = error.toJSON();
    return {
      message,
      ...(path && !faults.has('errors without path') && { path }),
      extensions: {
        ...(code !== undefined && { code }),
        ...extensions,
        ...(faults.has('stack traces in errors') && { debug: error.stack }),
      },
    };
  };

  return createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
}
