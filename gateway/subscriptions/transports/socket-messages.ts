import { refuseDeepNesting } from '../../server/document-limits.js';
import type { ClientRequest } from '../client-operations.js';

/** The subprotocol's name. */
export const SUBPROTOCOL = 'graphql-transport-ws';

/** Why a socket is closed: codes of graphql-transport-ws, of RFC 6455's registry, and one of our own. */
export const CLOSE = {
  normal: 1000,
  /** Connect again, here or elsewhere. */
  serviceRestart: 1012,
  tryAgainLater: 1013,
  internalError: 4500,
  badRequest: 4400,
  unauthorized: 4401,
  /** What authorised the connection has expired: connect again with a new token. */
  forbidden: 4403,
  subprotocolNotAcceptable: 4406,
  initTimeout: 4408,
  subscriberAlreadyExists: 4409,
  tooManyInits: 4429,
  /** More messages than one socket may send. */
  tooManyMessages: 4430,
  /** The client reads more slowly than events come: connect again and subscribe with the last cursor. */
  tooSlow: 4013,
} as const;

export type ClientMessage =
  | { readonly type: 'connection_init'; readonly payload: Readonly<Record<string, unknown>> | undefined }
  | { readonly type: 'ping' | 'pong'; readonly payload: unknown }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: ClientRequest }
  | { readonly type: 'complete'; readonly id: string };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;
const LONGEST_ID = 256;

/** Reads a message of graphql-transport-ws; undefined for what is none, or is nested more deeply than a request may be. */
export function readMessage(text: string): ClientMessage | undefined {
  let message: unknown;
  try {
    refuseDeepNesting(text, 'body');
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(message)) return undefined;
  const { type, payload, id } = message;
  switch (type) {
    case 'connection_init':
      return isAbsent(payload) || isObject(payload) ? { type, payload: payload ?? undefined } : undefined;
    case 'ping':
    case 'pong':
      return isAbsent(payload) || isObject(payload) ? { type, payload } : undefined;
    case 'complete':
      return isId(id) ? { type, id } : undefined;
    case 'subscribe':
      return isId(id) && isRequest(payload) ? { type, id, payload } : undefined;
    default:
      return undefined;
  }
}

const isId = (id: unknown): id is string => typeof id === 'string' && id.length > 0 && id.length <= LONGEST_ID;

function isRequest(payload: unknown): payload is ClientRequest & Record<string, unknown> {
  if (!isObject(payload)) return false;
  const { query, documentId, operationName, variables, extensions } = payload;
  const isNamed = typeof documentId === 'string' || isObject(extensions);
  return (
    (typeof query === 'string' || (query === undefined && isNamed)) &&
    (isAbsent(documentId) || typeof documentId === 'string') &&
    (isAbsent(operationName) || typeof operationName === 'string') &&
    (isAbsent(variables) || isObject(variables)) &&
    (isAbsent(extensions) || isObject(extensions))
  );
}
