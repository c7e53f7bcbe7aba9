import type { ClockEvent } from '../../../kit/clocks/clock-event.js';
import { text, wholeNumber } from '../following/told-values.js';
import type { ProgressRow } from '../store/tables.js';
import type { CaseProgressKind } from '../types/enums.js';

/** What may move a due date; whatever else happens leaves it as it is. */
export const MOVES_DUE_DATES: readonly CaseProgressKind[] = [
  'SPECIAL_PROCEDURE_STARTED',
  'SPECIAL_PROCEDURE_FINISHED',
  'EXTENDED',
  'DECIDED',
];

type TimelineEntry = Pick<ProgressRow, 'kind' | 'occurredAt' | 'stepCode' | 'detail'>;

/** A timeline as the clocks read it. Details are a department's words, and may be anything. */
export function clockEvents(timeline: readonly TimelineEntry[]): ClockEvent[] {
  return timeline.map(({ kind, occurredAt, stepCode, detail }) => ({
    kind,
    at: occurredAt,
    stepCode: stepCode ?? null,
    procedureKind: kind.startsWith('SPECIAL_PROCEDURE') ? text(detail?.['kind']) : null,
    extensionDays: kind === 'EXTENDED' ? wholeNumber(detail?.['days']) : null,
    outcome: kind === 'DECIDED' ? text(detail?.['outcome']) : null,
  }));
}
