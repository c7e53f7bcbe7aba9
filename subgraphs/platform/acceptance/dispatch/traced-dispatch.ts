import { type SpanContext, SpanKind } from '@opentelemetry/api';
import { runInSpan } from '../../../kit/requests/request-scope.js';
import { SubgraphCallFailed } from '../../../kit/server/call-subgraph.js';
import { endSpan, type Traces } from '../../../kit/traces/traces.js';
import type { ReceiveCase } from './receive-case.js';

/**
 * Has each attempt to hand a case over recorded, as a trace of its own: it may come long after the request that accepted the
 * case, and many times. That request is linked to it where this process recorded it.
 */
export function tracedDispatch(
  receiveCase: ReceiveCase,
  traces: Traces,
  originOf: (caseNumber: string) => SpanContext | undefined,
): ReceiveCase {
  return async (row, signal) => {
    const span = traces.begin('dispatch case', {
      kind: SpanKind.PRODUCER,
      attributes: { 'acceptance.department': row.departmentCode },
      links: [originOf(row.number)],
    });
    if (!span.isRecording()) return receiveCase(row, signal);
    try {
      const received = await runInSpan({ traces, span }, () => receiveCase(row, signal));
      endSpan(span);
      return received;
    } catch (error) {
      endSpan(span, error instanceof SubgraphCallFailed ? error.code : 'INTERNAL_SERVER_ERROR');
      throw error;
    }
  };
}
