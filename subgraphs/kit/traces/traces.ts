import { setTimeout } from 'node:timers/promises';
import {
  type Attributes,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { PRODUCT_VERSION } from '../observability/product-version.js';

/** Where spans go, and how many. */
export interface TraceSettings {
  /** Of an OpenTelemetry collector that takes OTLP over HTTP; spans go to `/v1/traces` there. */
  readonly endpoint: string;
  /** The share of requests that are traced, 0 to 1; one that comes with a trace goes by what that says. */
  readonly ratio: number;
}

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** Absent: a trace of its own begins. */
  readonly parent?: SpanContext | undefined;
  /** What led to it without being part of it. */
  readonly links?: readonly (SpanContext | undefined)[];
  /** By `performance.now()`; now when left out. */
  readonly began?: number;
}

/** Spans that may wait for a collector that is slow or down; the newest are dropped. */
const WAITING = 2_048;
/** Milliseconds between two batches, for one batch with its retries, and for the last one when the process stops. */
const BATCH_EVERY = 1_000;
const BATCH_TIMEOUT = 10_000;
const LAST_BATCH = 1_000;
/** Characters. */
const LONGEST_VALUE = 1_024;

/**
 * The spans of one service, sent by OTLP in the background. Nothing waits for the collector, and what it does not take is dropped.
 * There is no context of OpenTelemetry's: whoever begins a span says what it belongs to.
 */
export class Traces implements AsyncDisposable {
  readonly #tracer: Tracer;
  readonly #stop: () => Promise<void>;

  /** @param stop sends what waits */
  constructor(tracer: Tracer, stop: () => Promise<void>) {
    this.#tracer = tracer;
    this.#stop = stop;
  }

  begin(name: string, { kind = SpanKind.INTERNAL, attributes = {}, parent, links = [], began }: SpanOptions = {}): Span {
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const linked: Link[] = links.flatMap((one) => (one === undefined ? [] : [{ context: one }]));
    const startTime = began === undefined ? undefined : performance.timeOrigin + began;
    return this.#tracer.startSpan(name, { kind, attributes, links: linked, ...(startTime !== undefined && { startTime }) }, context);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.race([this.#stop().catch(() => {}), setTimeout(LAST_BATCH, undefined, { ref: false })]);
  }
}

/** @param service as the collector names it, such as `gateway` or a subgraph's name */
export async function openTraces({ endpoint, ratio }: TraceSettings, service: string): Promise<Traces> {
  // loaded where it is used only
  const [
    { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider },
    { resourceFromAttributes },
    { OTLPTraceExporter },
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'acceptance', 'service.version': PRODUCT_VERSION }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanLimits: { attributeValueLengthLimit: LONGEST_VALUE },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: BATCH_TIMEOUT }),
        maxQueueSize: WAITING,
        scheduledDelayMillis: BATCH_EVERY,
        exportTimeoutMillis: BATCH_TIMEOUT,
      }),
    ],
  });
  return new Traces(provider.getTracer('acceptance', PRODUCT_VERSION), () => provider.shutdown());
}

/** Ends a span that failed, when there is a code. Messages stay out: some repeat what was sent. */
export function endSpan(span: Span, code?: string): void {
  if (code !== undefined) {
    span.setAttribute('error.type', code);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
