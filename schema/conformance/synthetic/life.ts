import type { Detail, HandledCase } from '../client/documents.js';
import type { Session } from '../session.js';
import { expectSame, expectThat, Unmet } from '../unmet.js';
import { type Move, move, mutationOf } from './moves.js';
import type { TestItem } from './test-item.js';

/** A move that was made, and the case as `_entities` had it right after. */
export interface LivedMove {
  readonly move: Move;
  readonly after: HandledCase | null;
  /** What the feed has to tell of it. */
  readonly event: { readonly kind: string; readonly detail: Detail };
}

/** A case from its receipt to its delivery. */
export interface Life {
  readonly number: string;
  readonly item: TestItem;
  /** The feed's end before the case was received. */
  readonly before: string | undefined;
  readonly moves: readonly LivedMove[];
}

export const EVENT_OF = {
  startStep: { kind: 'STEP_STARTED', detail: 'step' },
  finishStep: { kind: 'STEP_FINISHED', detail: 'step' },
  startSpecialProcedure: { kind: 'SPECIAL_PROCEDURE_STARTED', detail: 'specialProcedure' },
  finishSpecialProcedure: { kind: 'SPECIAL_PROCEDURE_FINISHED', detail: 'specialProcedure' },
  extendLimit: { kind: 'EXTENDED', detail: 'extension' },
  decide: { kind: 'DECIDED', detail: 'decision' },
  issueCertificate: { kind: 'CERTIFICATE_ISSUED', detail: 'certificate' },
  deliverResult: { kind: 'DELIVERED', detail: 'delivery' },
} as const satisfies Record<Move['name'], { kind: string; detail: Detail }>;

export const OPINION = '符合条件 meets the conditions (test)';

/** Starts and finishes every review, in the order of the flow. */
export function reviewMoves({ reviews }: TestItem): Move[] {
  return reviews.flatMap(({ code }) => [move('startStep', { stepCode: code }), move('finishStep', { stepCode: code, opinion: OPINION })]);
}

/** All that happens to an approved case, with every kind of event the contract has. */
function wholeLife(item: TestItem): Move[] {
  const [first, ...rest] = reviewMoves(item);
  return [
    ...(first === undefined ? [] : [first]),
    move('startSpecialProcedure', { kind: 'EXPERT_REVIEW', reason: '专家评审(测试) expert review (test)', expectedDays: 5 }),
    move('finishSpecialProcedure', { kind: 'EXPERT_REVIEW' }),
    move('extendLimit', { days: 1, reason: '情况复杂(测试) complex (test)' }),
    ...rest,
    move('decide', { outcome: 'APPROVED', reasons: null, reviewRuleVersion: item.ruleVersion }),
    ...(item.endsInCertificate ? [move('issueCertificate', { electronic: true })] : []),
    move('deliverResult', { channel: 'ELECTRONIC', trackingNumber: null }),
  ];
}

export async function liveOneLife(session: Session): Promise<Life> {
  const item = await session.testItem();
  const before = await session.pages.end();
  const { number } = await session.receive();
  const moves: LivedMove[] = [];
  for (const next of wholeLife(item)) {
    await make(session, number, next);
    moves.push({ move: next, after: await session.case(number), event: EVENT_OF[next.name] });
  }
  return { number, item, before, moves };
}

/** Makes a move as an officer of the department. @throws Unmet unless it answers the case. */
export async function make(session: Session, caseNumber: string, { name, arguments: args }: Move): Promise<void> {
  const variables = { ...args, departmentCode: session.code, caseNumber };
  const { data, errors } = await session.ask(mutationOf(name), variables, 'officer');
  if (errors.length > 0)
    throw new Unmet(`the lawful move ${shown(name, args)} was refused`, { expected: 'the case', found: errors[0]?.message });
  const answered = data?.[name] as { __typename?: unknown; number?: unknown; departmentCode?: unknown } | null | undefined;
  expectThat(answered != null, `${name} answered no case`, { expected: caseNumber, found: data });
  expectSame([answered.number, answered.departmentCode], [caseNumber, session.code], `${name} answered another case`);
}

function shown(name: string, { stepCode, kind, outcome }: Move['arguments']): string {
  const [about] = [stepCode, kind, outcome].filter((value) => typeof value === 'string');
  return about === undefined ? name : `${name} (${about})`;
}
