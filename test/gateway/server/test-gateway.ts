import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createLogger } from '../../../gateway/observability/logger.js';
import { type GatewayOptions, type RunningGateway, startGateway } from '../../../gateway/server/start-gateway.js';
import type { OfferDocument, SupergraphSource } from '../../../gateway/supergraph/supergraph-source.js';
import type { SupergraphDocument } from '../../../schema/composition/supergraph-document.js';

export const silent = createLogger('silent');

/** A source whose documents the test hands over itself. */
export class HandedSource implements SupergraphSource {
  readonly registryReachable = undefined;
  readonly #first: SupergraphDocument | undefined;
  offer: OfferDocument = async () => new Error('nobody follows yet');

  constructor(first?: SupergraphDocument) {
    this.#first = first;
  }

  async follow(offer: OfferDocument): Promise<AsyncDisposable> {
    this.offer = offer;
    if (this.#first !== undefined) {
      const problem = await offer(this.#first, 'file');
      if (problem !== undefined) throw problem;
    }
    return { async [Symbol.asyncDispose]() {} };
  }
}

export async function startTestGateway(
  document: SupergraphDocument,
  options: Partial<GatewayOptions> = {},
): Promise<RunningGateway & { source: HandedSource }> {
  const source = new HandedSource(document);
  const gateway = await startGateway({ supergraph: source, logger: silent, ...options });
  return Object.assign(gateway, { source });
}

export interface Answer {
  status: number;
  headers: Headers;
  data?: any;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, any> }[];
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, ...((await response.json()) as object) };
}

export function socketTo({ url }: { url: string }, connectionParams?: Record<string, unknown>) {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(connectionParams && { connectionParams }),
  });
  return Object.assign(client, { [Symbol.asyncDispose]: async () => void (await client.dispose()) });
}
