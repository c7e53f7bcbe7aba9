import { SpanKind } from '@opentelemetry/api';
import type { ExchangeSender } from '../exchange/sender.js';
import { DEADLINE_HEADER } from '../requests/deadline.js';
import { currentScope, currentWork, type RecordedWork, runInSpan } from '../requests/request-scope.js';
import { newTraceParent, TRACE_HEADER, traceParentOf } from '../traces/trace-parent.js';
import { endSpan } from '../traces/traces.js';
import { addressesOf } from './address-list.js';

/** Milliseconds a subgraph may take for a whole answer. */
const TIMEOUT = 10_000;
/** Bytes. An answer is held in memory, so one subgraph gone wrong must not take the caller with it. */
const ANSWER_LIMIT = 16 * 1024 * 1024;
const UNAVAILABLE = 'SUBGRAPH_UNAVAILABLE';
/** Codes that say "not now" rather than "not this". */
const PASSING: ReadonlySet<string> = new Set([
  UNAVAILABLE,
  'INTERNAL_SERVER_ERROR',
  'DRAINING',
  'OVERLOADED',
  'DEADLINE_EXCEEDED',
  'REQUEST_CANCELLED',
  'CONFLICT',
  'DEPARTMENT_UNAVAILABLE',
  'ENDPOINT_UNREACHABLE',
]);

/** Codes that say nothing of the call itself: it met nobody who could have looked at it. */
const UNHEARD: ReadonlySet<string> = new Set([UNAVAILABLE, 'DRAINING', 'OVERLOADED', 'DEPARTMENT_UNAVAILABLE', 'ENDPOINT_UNREACHABLE']);

/** What the system says of a connection that was never made. */
const NOT_CONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']);

export interface SubgraphCall {
  /** One address, or those of several instances with commas between them. */
  readonly url: string;
  /** The whole header value, `Bearer …`, with the subgraph as audience. */
  readonly authorization: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  /** Signs the call for this recipient, and keeps a record of it. */
  readonly signedFor?: { readonly sender: ExchangeSender; readonly recipient: string } | undefined;
  /** Milliseconds until the call is given up; 10 s when left out. Less where the request that it is made for has less left. */
  readonly timeout?: number;
  /** Gives the call up earlier. */
  readonly signal?: AbortSignal;
}

/** A call that brought no data: the subgraph refused it, or did not answer. Names neither address nor token. */
export class SubgraphCallFailed extends Error {
  override readonly name = 'SubgraphCallFailed';

  constructor(
    message: string,
    /** The subgraph's own `extensions.code`, or SUBGRAPH_UNAVAILABLE when it gave no GraphQL answer. */
    readonly code: string,
    /** The first error's extensions, as the subgraph sent them. */
    readonly extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  /** True when the same call may succeed later: the subgraph was down, busy or faulty. False for a refusal. */
  get transient(): boolean {
    return PASSING.has(this.code);
  }

  /** True when the subgraph looked at this call and failed at it; other calls may fare better. */
  get heard(): boolean {
    return !UNHEARD.has(this.code);
  }
}

/**
 * Asks another subgraph over HTTP, once. Of several instances one is asked, and the next one when it takes no connection:
 * then nobody has seen the call.
 *
 * @returns `data`, whole: an answer with any error in it counts as failed.
 * @throws SubgraphCallFailed whatever goes wrong.
 */
export async function callSubgraph<T extends object>(call: SubgraphCall): Promise<T> {
  const work = currentWork();
  return work === undefined ? callOnce(call) : recorded(work, call);
}

async function recorded<T extends object>({ traces, span: above }: RecordedWork, call: SubgraphCall): Promise<T> {
  const span = traces.begin('POST', {
    kind: SpanKind.CLIENT,
    parent: above.spanContext(),
    attributes: { 'http.request.method': 'POST', 'url.full': addressesOf(call.url)[0] ?? '' },
  });
  try {
    const data = await runInSpan({ traces, span }, () => callOnce<T>(call));
    endSpan(span);
    return data;
  } catch (error) {
    endSpan(span, error instanceof SubgraphCallFailed ? error.code : (error as Error).name);
    throw error;
  }
}

async function callOnce<T extends object>(call: SubgraphCall): Promise<T> {
  const { url, query, variables = {}, requestId, signedFor } = call;
  const body = JSON.stringify({ query, variables });
  const addresses = inTurn(addressesOf(url));
  const path = URL.parse(addresses[0] ?? url)?.pathname ?? '/';
  const signed = await signedFor?.sender.sign({ method: 'POST', path, body, recipient: signedFor.recipient, requestId });
  try {
    const data = await exchange({ ...call, addresses }, body, signed?.headers);
    await signed?.settled('OK');
    return data as T;
  } catch (error) {
    await signed?.settled(error instanceof SubgraphCallFailed ? error.code : 'INTERNAL_SERVER_ERROR');
    throw error;
  }
}

/** All of them, beginning anywhere, so that callers spread over the instances. */
function inTurn(addresses: readonly string[]): readonly string[] {
  const first = addresses.length === 1 ? 0 : Math.floor(Math.random() * addresses.length);
  return [...addresses.slice(first), ...addresses.slice(0, first)];
}

async function exchange(
  call: Omit<SubgraphCall, 'url'> & { readonly addresses: readonly string[] },
  body: string,
  signature: Readonly<Record<string, string>> | undefined,
): Promise<object> {
  const { addresses, authorization, requestId, signal } = call;
  const scope = currentScope();
  scope?.check();
  const timeout = Math.max(1, Math.floor(Math.min(call.timeout ?? TIMEOUT, scope?.timeLeft ?? Number.POSITIVE_INFINITY)));
  const limit = AbortSignal.timeout(timeout);
  let status: number;
  let text: string;
  try {
    const response = await fetchFirst(addresses, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization,
        'x-request-id': requestId,
        [DEADLINE_HEADER]: String(timeout),
        ...traceHeader(),
        ...signature,
      },
      body,
      // a redirect would carry the token to somebody it was not made for
      redirect: 'error',
      signal: AbortSignal.any([limit, ...(signal === undefined ? [] : [signal]), ...(scope === undefined ? [] : [scope.signal])]),
    });
    status = response.status;
    text = await boundedText(response);
  } catch (error) {
    if (error instanceof SubgraphCallFailed) throw error;
    throw new SubgraphCallFailed(`no answer (${limit.aborted ? `within ${timeout} ms` : reasonOf(error)})`, UNAVAILABLE);
  }
  return dataOf(text, status);
}

/** Names the trace, recorded or not. */
function traceHeader(): Readonly<Record<string, string>> {
  const work = currentWork();
  if (work !== undefined) return { [TRACE_HEADER]: traceParentOf(work.span.spanContext()) };
  const scope = currentScope();
  return scope === undefined ? {} : { [TRACE_HEADER]: traceParentOf({ ...newTraceParent(), traceId: scope.traceId }) };
}

/** Asks the first address that takes a connection. */
async function fetchFirst(addresses: readonly string[], request: RequestInit): Promise<Response> {
  for (const [index, address] of addresses.entries()) {
    try {
      return await fetch(address, request);
    } catch (error) {
      if (index === addresses.length - 1 || !NOT_CONNECTED.has(reasonOf(error))) throw error;
    }
  }
  throw new SubgraphCallFailed('it has no address', UNAVAILABLE);
}

function dataOf(text: string, status: number): object {
  let body: { data?: object | null; errors?: { message?: unknown; extensions?: Record<string, unknown> }[] } | null;
  try {
    body = JSON.parse(text) as typeof body;
  } catch {
    throw new SubgraphCallFailed(`the answer is no GraphQL (HTTP ${status})`, UNAVAILABLE);
  }
  const [error] = Array.isArray(body?.errors) ? body.errors : [];
  if (error !== undefined) {
    const code = error.extensions?.['code'];
    throw new SubgraphCallFailed(
      typeof error.message === 'string' ? error.message : 'refused without a message',
      typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
      error.extensions,
    );
  }
  if (typeof body?.data !== 'object' || body.data === null) {
    throw new SubgraphCallFailed(`the answer has no data (HTTP ${status})`, UNAVAILABLE);
  }
  return body.data;
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > ANSWER_LIMIT) throw new SubgraphCallFailed(`the answer is larger than ${ANSWER_LIMIT} bytes`, UNAVAILABLE);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The system's own word for what happened, such as ECONNREFUSED; the message beside it would name the address. */
function reasonOf(error: unknown): string {
  const { code } = ((error as Error).cause ?? error) as { code?: unknown };
  return typeof code === 'string' ? code : 'connection failed';
}
