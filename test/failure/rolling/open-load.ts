import { Agent, request } from 'undici';
import { completeApplication, type OfferedItem } from '../../support/case-work.js';
import type { Graph } from '../../support/graph.js';

export interface OpenLoadOptions {
  /** Where clients go: one address, in front of all gateways. */
  readonly graph: Graph;
  readonly items: readonly OfferedItem[];
  /** Requests a second, begun whether or not earlier ones have ended. */
  readonly rate: number;
}

/** One request that did not go as it should, with how far into the load it began. */
export interface Failure {
  readonly what: string;
  readonly at: number;
  readonly took: number;
  readonly reason: string;
}

interface GraphAnswer {
  readonly data?: Record<string, any> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string; readonly department?: string } }[];
}

const PAGE = '{ cases(first: 10) { nodes { number stage receivedAt item { name guide { fee } } steps { name finishedAt } } } }';
const CATALOGUE = '{ serviceItems(first: 10) { nodes { code name guide { fee materials { code name } } } } }';
const SUBMIT = 'mutation ($input: SubmitApplicationInput!) { submitApplication(input: $input) { application { id } } }';
const ACCEPT = 'mutation ($input: AcceptApplicationInput!) { acceptApplication(input: $input) { case { number } } }';
/** Of this many requests one hands an application in, which is then accepted. */
const APPLICATION_EVERY = 20;
/** Milliseconds a client waits. */
const PATIENCE = 30_000;

/** Clients who come at a steady rate, whatever becomes of those before them. A missing field is a failure as well. */
export class OpenLoad implements AsyncDisposable {
  readonly failures: Failure[] = [];
  readonly accepted: { readonly number: string; readonly departmentCode: string }[] = [];
  /** Milliseconds each request took. */
  readonly times: number[] = [];
  readonly #options: OpenLoadOptions;
  readonly #agent = new Agent({ connections: 64, headersTimeout: PATIENCE, bodyTimeout: PATIENCE });
  readonly #pending = new Set<Promise<void>>();
  readonly #begun = performance.now();
  readonly #timer: NodeJS.Timeout;
  #sent = 0;

  constructor(options: OpenLoadOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#catchUp(), 5);
  }

  /** As many as are due by now. */
  #catchUp(): void {
    const due = ((performance.now() - this.#begun) / 1_000) * this.#options.rate;
    for (; this.#sent < due; this.#sent++) {
      const one = this.#one(this.#sent);
      this.#pending.add(one);
      void one.finally(() => this.#pending.delete(one));
    }
  }

  async #one(n: number): Promise<void> {
    if (n % APPLICATION_EVERY === 0) return this.#accept(n);
    const [what, role, query] = n % 3 === 0 ? (['catalogue', 'applicant', CATALOGUE] as const) : (['page', 'window', PAGE] as const);
    await this.#ask(what, role, query);
  }

  async #accept(n: number): Promise<void> {
    const { items } = this.#options;
    const item = items[n % items.length] as OfferedItem;
    const submitted = await this.#ask('submit', 'applicant', SUBMIT, { input: completeApplication(item, n % 900) });
    const applicationId = submitted?.['submitApplication'].application.id as string | undefined;
    if (applicationId === undefined) return;
    const done = await this.#ask('accept', 'window', ACCEPT, { input: { applicationId } });
    const number = done?.['acceptApplication'].case.number as string | undefined;
    if (number !== undefined) this.accepted.push({ number, departmentCode: item.departmentCode });
  }

  /** The data; undefined, and noted, when anything at all was wrong. */
  async #ask(what: string, role: string, query: string, variables = {}): Promise<Record<string, any> | undefined> {
    const began = performance.now();
    const failed = (reason: string) => {
      this.failures.push({ what, at: began - this.#begun, took: performance.now() - began, reason });
    };
    try {
      const { statusCode, body } = await request(this.#options.graph.url(), {
        method: 'POST',
        dispatcher: this.#agent,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await this.#options.graph.token(role)}` },
        body: JSON.stringify({ query, variables }),
      });
      const text = await body.text();
      this.times.push(performance.now() - began);
      if (statusCode !== 200) failed(`HTTP ${statusCode}: ${text.slice(0, 200)}`);
      else {
        const { data, errors: [error] = [] } = JSON.parse(text) as GraphAnswer;
        if (error === undefined && data != null) return data;
        failed(`${error?.extensions?.code} ${error?.extensions?.department ?? ''} ${error?.message}`);
      }
    } catch (error) {
      failed((error as { code?: string }).code ?? (error as Error).name);
    }
    return undefined;
  }

  get count(): number {
    return this.times.length;
  }

  /** Milliseconds within which this part of the requests was answered. */
  quantile(part: number): number {
    const sorted = this.times.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  }

  /** Begins no more, and resolves when all have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    if (!this.#agent.closed) await this.#agent.close();
  }
}
