import { type Span, SpanKind } from '@opentelemetry/api';
import type { OperationDefinitionNode } from 'graphql';
import { readTraceParent, traceParentOf } from '../../subgraphs/kit/traces/trace-parent.js';
import { endSpan, type Traces } from '../../subgraphs/kit/traces/traces.js';
import type { FetchTarget } from '../execution/subgraph-fetch.js';
import type { SendWatch } from '../fetching/endpoint-connection.js';
import type { FetchOutcome } from '../fetching/fetch-observer.js';

/** What is recorded of one operation. It is handed along with the request: there is no context that follows by itself. */
export class RequestTrace {
  readonly #traces: Traces;
  readonly #span: Span;

  /** @param traceparent what it belongs to @param name a fixed word, until more is known of it */
  constructor(traces: Traces, name: string, traceparent: string | undefined, kind = SpanKind.SERVER) {
    this.#traces = traces;
    this.#span = traces.begin(name, { kind, parent: readTraceParent(traceparent) });
  }

  /** As clients name them, and nothing of what they give for variables; documents may have values in them. */
  isOf(operation: OperationDefinitionNode, clientName: string | undefined): void {
    this.#span.updateName(operation.operation);
    this.#span.setAttributes({
      'graphql.operation.type': operation.operation,
      ...(operation.name !== undefined && { 'graphql.operation.name': operation.name.value }),
      ...(clientName !== undefined && { 'acceptance.client.name': clientName }),
    });
  }

  /** Something that took from `began` (by `performance.now()`) until now. */
  took(what: 'parse' | 'validate' | 'plan', began: number): void {
    this.#traces.begin(`graphql.${what}`, { parent: this.#span.spanContext(), began }).end();
  }

  fetch(target: FetchTarget, url: string): FetchTrace {
    const { hostname = '', port = '' } = URL.parse(url) ?? {};
    const span = this.#traces.begin('POST', {
      kind: SpanKind.CLIENT,
      parent: this.#span.spanContext(),
      attributes: {
        'http.request.method': 'POST',
        'server.address': hostname,
        'server.port': Number(port) || 80,
        'url.full': url,
        'acceptance.subgraph': target.subgraph,
        ...(target.department !== undefined && { 'acceptance.department': target.department }),
      },
    });
    return new FetchTrace(span);
  }

  end(code?: string): void {
    endSpan(this.#span, code);
  }
}

/** What is recorded of one question to a subgraph, however often it is asked. */
export class FetchTrace implements SendWatch {
  readonly #span: Span;
  #sent = 0;

  constructor(span: Span) {
    this.#span = span;
  }

  get traceparent(): string {
    return traceParentOf(this.#span.spanContext());
  }

  sent(): void {
    this.#sent++;
  }

  answered(status: number): void {
    this.#span.setAttribute('http.response.status_code', status);
  }

  end(outcome: FetchOutcome): void {
    if (this.#sent > 1) this.#span.setAttribute('http.request.resend_count', this.#sent - 1);
    this.#span.setAttribute('acceptance.fetch.outcome', outcome);
    endSpan(this.#span, outcome === 'ok' || outcome === 'errors' ? undefined : outcome);
  }
}
