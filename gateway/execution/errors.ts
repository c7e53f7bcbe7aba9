import { GraphQLError } from 'graphql';
import { isObject } from './own-property.js';
import type { Path } from './places.js';
import type { FetchTarget, SubgraphError, SubgraphResponse } from './subgraph-fetch.js';

/** What a subgraph may say beyond its code, minus what tells about its insides. */
const PRIVATE_EXTENSIONS = new Set([
  'stacktrace',
  'stack',
  'exception',
  'originalError',
  'url',
  'uri',
  'headers',
  'http',
  'request',
  'response',
  'debug',
]);
const URLS = /\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+/gi;
const STACK_FRAMES = /\n\s+at [\s\S]*$/;

/** The errors of an answer that nobody checked: what is no error is left out, and so is a path that is none. */
export function errorsOf({ errors }: SubgraphResponse): SubgraphError[] {
  if (!Array.isArray(errors)) return [];
  return errors.filter(isObject).map((error: SubgraphError) => (Array.isArray(error.path) ? error : { ...error, path: undefined }));
}

/** An error a subgraph reported, at its place in the whole response. */
export function reportedError(error: SubgraphError, target: FetchTarget, path: Path | undefined): GraphQLError {
  return new GraphQLError(publicText(error.message) || `Subgraph "${target.subgraph}" reported an error without a message.`, {
    ...(path !== undefined && { path }),
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...publicExtensions(error.extensions), ...origin(target) },
  });
}

/** Why a fetch got no answer. A fetcher's own catalogued error keeps its message and extensions; of anything else only the fact is told. */
export function unavailableError(reason: unknown, target: FetchTarget, path: Path): GraphQLError {
  const code = target.department === undefined ? 'SUBGRAPH_UNAVAILABLE' : 'DEPARTMENT_UNAVAILABLE';
  if (reason instanceof GraphQLError && typeof reason.extensions['code'] === 'string') {
    return new GraphQLError(publicText(reason.message), {
      path,
      extensions: { ...publicExtensions(reason.extensions), ...origin(target) },
    });
  }
  const who = target.department === undefined ? `Subgraph "${target.subgraph}"` : `Department "${target.department}"`;
  return new GraphQLError(`${who} did not answer; only its own fields are missing.`, { path, extensions: { code, ...origin(target) } });
}

/** An answer that is GraphQL, but not to what was asked. */
export function malformedError(target: FetchTarget, what: string, path: Path): GraphQLError {
  return new GraphQLError(`Subgraph "${target.subgraph}" gave an answer that does not fit the question: ${what}.`, {
    path,
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...origin(target) },
  });
}

function origin({ subgraph, department }: FetchTarget): Record<string, unknown> {
  return department === undefined ? { service: subgraph } : { service: subgraph, department };
}

function publicExtensions(extensions: unknown): Record<string, unknown> {
  if (!isObject(extensions)) return {};
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(extensions)) if (!PRIVATE_EXTENSIONS.has(name)) kept[name] = publicValue(value);
  return kept;
}

function publicValue(value: unknown): unknown {
  if (typeof value === 'string') return publicText(value);
  if (Array.isArray(value)) return value.map(publicValue);
  return isObject(value) ? publicExtensions(value) : value;
}

const publicText = (text: unknown): string => (typeof text === 'string' ? text.replace(STACK_FRAMES, '').replace(URLS, '[…]') : '');
