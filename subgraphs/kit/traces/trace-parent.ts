import { randomFillSync } from 'node:crypto';
import { type SpanContext, TraceFlags } from '@opentelemetry/api';

/** The header of W3C Trace Context (w3.org/TR/trace-context), by which what one request leads to is found together. */
export const TRACE_HEADER = 'traceparent';

/** Later versions may have more behind it; `ff` is none. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** What a request says it belongs to; undefined where it says nothing sensible. */
export function readTraceParent(header: unknown): SpanContext | undefined {
  const [, traceId, spanId, flags] = (typeof header === 'string' && header.length <= 512 && TRACEPARENT.exec(header)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const sampled = Number.parseInt(flags, 16) % 2 === 1;
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}

/** Of both ids together. */
const BYTES = 24;
const random = Buffer.alloc(BYTES * 128);
let used = random.length;

/** For a request that says nothing of it: so that its log lines are found together, wherever they are written. */
export function newTraceParent(): SpanContext {
  // one call for many ids: it costs the same for few bytes as for many
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const id = random.toString('hex', used, (used += BYTES));
  return { traceId: id.slice(0, 32), spanId: id.slice(32), traceFlags: TraceFlags.NONE };
}

export function traceParentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
}
