import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createDemoIssuer, type DemoIssuer } from '../../gateway/security/demo-issuer.js';
import { creditCodeCheck } from '../../subgraphs/platform/acceptance/rules/credit-code.js';
import { residentIdCheck } from '../../subgraphs/platform/acceptance/rules/resident-id.js';
import type { Answer } from './environment.js';

/** People in front of one gateway. Tokens come from the demonstration's issuer, whose key the gateway keeps under its data directory. */
export class Graph {
  readonly #tokens = new Map<string, Promise<string>>();

  private constructor(
    readonly url: () => string,
    readonly issuer: DemoIssuer,
  ) {}

  static async open(url: () => string, dataDirectory: string): Promise<Graph> {
    return new Graph(url, await createDemoIssuer(join(dataDirectory, 'keys', 'demo-issuer.json'), {}));
  }

  token(role: string): Promise<string> {
    let token = this.#tokens.get(role);
    if (token === undefined) {
      token = this.issuer.issue(`test-${role}`, [role]);
      this.#tokens.set(role, token);
    }
    return token;
  }

  async post(role: string | undefined, body: unknown): Promise<{ status: number; answer: Answer }> {
    const response = await fetch(this.url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(role !== undefined && { authorization: `Bearer ${await this.token(role)}` }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, answer: (await response.json()) as Answer };
  }

  async ask(role: string | undefined, query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    return (await this.post(role, { query, variables })).answer;
  }

  /** @throws Error with the answer's errors, when there are any. */
  async data(role: string, query: string, variables: Record<string, unknown> = {}): Promise<Record<string, any>> {
    const { data, errors } = await this.ask(role, query, variables);
    if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** A subscription over a socket of its own. `connected` resolves once the server has acknowledged the connection. */
  async subscribe(role: string, query: string, variables: Record<string, unknown> = {}) {
    const token = await this.token(role);
    const client = createClient({
      url: this.url().replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    const events = client.iterate<Record<string, any>>({ query, variables });
    return {
      events,
      async [Symbol.asyncDispose]() {
        await events.return?.();
        await client.dispose();
      },
    };
  }
}

/** A made-up person's number, well-formed and different for every `n`. */
export function idNumber(n: number): string {
  const digits = `41010119900101${String(n).padStart(3, '0')}`;
  return digits + residentIdCheck(digits);
}

/** A made-up enterprise's code, well-formed and different for every `n`. */
export function creditCode(n: number): string {
  const body = `91410100TEST${String(n).padStart(5, '0')}`.replace('S', 'R');
  return body + creditCodeCheck(body);
}

/** Looks until it is so; each look is a question to the system, at most every 20 ms. */
export async function eventually<T>(look: () => Promise<T | undefined>, what: string, limit = 60_000): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`never came about within ${limit} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
