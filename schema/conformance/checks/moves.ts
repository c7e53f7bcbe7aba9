import type { Check } from '../check.js';
import { type CaseEvent, DETAILS, type HandledCase } from '../client/documents.js';
import type { Session } from '../session.js';
import { type LivedMove, make, reviewMoves } from '../synthetic/life.js';
import { type MoveName, move } from '../synthetic/moves.js';
import { expectSame, expectThat } from '../unmet.js';

/** Events of the life that was lived, RECEIVED first. */
async function lifeEvents(session: Session): Promise<CaseEvent[]> {
  const { number, before } = await session.life();
  return session.once('life events', () => session.eventsOf([number], before));
}

/** Steps that a move makes in one go may be told of as steps as well. */
function isByTheWay({ kind, step }: CaseEvent): boolean {
  return (kind === 'STEP_STARTED' || kind === 'STEP_FINISHED') && ['DECISION', 'CERTIFICATE', 'DELIVERY'].includes(String(step?.['kind']));
}

type Seen = (found: HandledCase, asked: LivedMove['move']['arguments']) => boolean;

const stepOf = ({ steps }: HandledCase, code: unknown) => steps?.find((step) => step.code === code);
const procedureOf = ({ specialProcedures }: HandledCase, kind: unknown) => specialProcedures?.find((procedure) => procedure.kind === kind);

/** What `_entities` has to show of a case once a move is made. */
const SEEN: Record<MoveName, Seen> = {
  startStep: (found, { stepCode }) => stepOf(found, stepCode)?.finishedAt === null,
  finishStep: (found, { stepCode, opinion }) =>
    typeof stepOf(found, stepCode)?.finishedAt === 'string' && stepOf(found, stepCode)?.opinion === opinion,
  startSpecialProcedure: (found, { kind }) => procedureOf(found, kind)?.finishedAt === null,
  finishSpecialProcedure: (found, { kind }) => typeof procedureOf(found, kind)?.finishedAt === 'string',
  extendLimit: ({ extension }, { days }) => extension?.days === days,
  decide: ({ decision }, { outcome }) => decision?.outcome === outcome,
  issueCertificate: ({ decision }, { electronic }) => decision?.certificate?.electronic === electronic,
  deliverResult: ({ delivery }, { channel }) => delivery?.channel === channel,
};

export const MOVE_CHECKS: readonly Check[] = [
  {
    id: 'moves.life',
    level: 'MUST',
    title: { zh: '办件可依流程办至送达', en: 'a case can be led along its flow, from receipt to delivery' },
    why: 'It is what officers do all day.',
    pointer: 'ServiceItem.approvalFlow',
    remedy:
      'Allow the steps in the order of `approvalFlow`, then decide, issueCertificate and deliverResult, to an officer of the department.',
    needs: ['receive.visible', 'feed.resume-pages', 'items.flow-and-rules'],
    async run(session) {
      await session.life();
    },
  },
  {
    id: 'moves.visible',
    level: 'MUST',
    title: { zh: '每次办理即时可查', en: 'every move shows in the case at once' },
    why: 'Applicants and monitors see the case as it stands (Arts. 10, 19).',
    pointer: 'Case.steps',
    remedy: 'Answer `_entities` from the store that the moves write to.',
    needs: ['moves.life'],
    async run(session) {
      for (const lived of (await session.life()).moves) {
        const seen = lived.after !== null && SEEN[lived.move.name](lived.after, lived.move.arguments);
        expectThat(seen, `after ${lived.move.name} the case does not show it`, { expected: lived.move.arguments, found: lived.after });
      }
    },
  },
  {
    id: 'moves.steps-in-flow-order',
    level: 'MUST',
    title: { zh: '环节按开始先后列出', en: 'steps are listed as they began, with the flow’s names and kinds' },
    why: 'The timeline of a case is read from it.',
    pointer: 'Case.steps',
    remedy: 'List the steps begun, oldest first, with the code, name and kind of the flow.',
    needs: ['moves.life'],
    async run(session) {
      const { item, moves } = await session.life();
      const reviewed = moves.findLast(({ move: { name } }) => name === 'finishStep')?.after?.steps ?? [];
      const found = reviewed.map(({ code, name, kind }) => ({ code, name, kind }));
      const expected = item.reviews.map(({ code, name, kind }) => ({ code, name, kind }));
      expectSame(found, expected, 'the steps of a case are not those of its flow, oldest first');
    },
  },
  {
    id: 'moves.decision-cites-rules',
    level: 'MUST',
    title: { zh: '决定引用现行细则并载明印章', en: 'the decision cites the rules in force and names its seal' },
    why: 'A decision that does not say on what it rests can’t be reviewed (Arts. 6, 12).',
    pointer: 'Decision.reviewRuleVersion',
    remedy: 'Keep the version given to `decide`, and the seal the document bears.',
    needs: ['moves.life'],
    async run(session) {
      const { item, moves } = await session.life();
      const decision = moves.find(({ move: { name } }) => name === 'decide')?.after?.decision;
      expectSame(decision?.reviewRuleVersion, item.ruleVersion, 'the decision does not cite the version it was made on');
      expectThat((decision?.seal ?? '').trim() !== '', 'the decision names no seal');
    },
  },
  {
    id: 'moves.events-in-order',
    level: 'MUST',
    title: { zh: '每次办理各有一个事件,次序一致', en: 'the feed tells of every move once, in order' },
    why: 'The ledger, the clocks and supervision know of a case only what the feed tells.',
    pointer: 'CaseEvent.kind',
    remedy: 'Write the event in the transaction that makes the change.',
    needs: ['moves.life'],
    async run(session) {
      const { moves } = await session.life();
      const kinds = (await lifeEvents(session)).filter((event) => !isByTheWay(event)).map(({ kind }) => kind);
      expectSame(kinds, ['RECEIVED', ...moves.map(({ event }) => event.kind)], 'the events of a case are not its moves in order');
    },
  },
  {
    id: 'moves.one-detail',
    level: 'MUST',
    title: { zh: '事件仅含其类型所指的一项明细', en: 'an event has the one detail that its kind names, and no other' },
    why: 'The platform reads that detail, and would apply any other as well.',
    pointer: 'CaseEvent',
    remedy:
      'Set `step` for STEP_*, `specialProcedure` for SPECIAL_PROCEDURE_*, `extension`, `decision`, `certificate`, `delivery`; nothing for RECEIVED.',
    needs: ['moves.life'],
    async run(session) {
      const details = new Map((await session.life()).moves.map(({ event: { kind, detail } }): [string, string] => [kind, detail]));
      for (const event of await lifeEvents(session)) {
        const found = DETAILS.filter((detail) => event[detail] !== null);
        const named = details.get(event.kind);
        expectSame(found, named === undefined ? [] : [named], `an event of kind ${event.kind} has other details than its kind names`);
      }
    },
  },
  {
    id: 'moves.detail-matches',
    level: 'MUST',
    title: { zh: '事件明细与办理内容一致', en: 'the detail says what was done' },
    why: 'The ledger shows it as it comes.',
    pointer: 'CaseEvent',
    remedy: 'Fill the detail from the row that the move wrote.',
    needs: ['moves.events-in-order', 'moves.one-detail'],
    async run(session) {
      const events = (await lifeEvents(session)).filter((event) => !isByTheWay(event)).slice(1);
      for (const [index, { move: made, event }] of (await session.life()).moves.entries()) {
        const { stepCode: code, reasons: _reasons, trackingNumber: _tracking, ...said } = made.arguments;
        const asked = { ...said, ...(code !== undefined && { code }) };
        const detail = events[index]?.[event.detail] ?? {};
        const told = Object.fromEntries(Object.keys(asked).map((name) => [name, detail[name]]));
        expectSame(told, asked, `the detail of ${event.kind} says something else than was done`);
      }
    },
  },
  {
    id: 'moves.refusal',
    level: 'MUST',
    title: { zh: '不予批准载明理由并可送达', en: 'a refusal keeps its reasons and can be delivered without a certificate' },
    why: 'Who is refused is told why, in writing (Art. 22).',
    pointer: 'Decision.reasons',
    remedy: 'Keep `reasons`, and let the written decision be delivered.',
    needs: ['moves.life'],
    async run(session) {
      const { item } = await session.life();
      const { number } = await session.receive();
      const reasons = '不符合条件(测试) the conditions are not met (test)';
      for (const review of reviewMoves(item)) await make(session, number, review);
      await make(session, number, move('decide', { outcome: 'REFUSED', reasons, reviewRuleVersion: item.ruleVersion }));
      await make(session, number, move('deliverResult', { channel: 'ISSUING_WINDOW', trackingNumber: null }));
      const found = await session.case(number);
      expectSame([found?.decision?.outcome, found?.decision?.reasons], ['REFUSED', reasons], 'the refusal is not kept as it was made');
      expectSame(found?.delivery?.channel, 'ISSUING_WINDOW', 'the delivery is not kept as it was made');
    },
  },
];
