import { OTHER_DEPARTMENT } from '../callers.js';
import type { Check } from '../check.js';
import type { AnsweredError } from '../client/graphql-answer.js';
import type { BilingualText } from '../report.js';
import type { Session } from '../session.js';
import { make, OPINION, reviewMoves } from '../synthetic/life.js';
import { type Move, move, mutationOf } from '../synthetic/moves.js';
import type { TestItem } from '../synthetic/test-item.js';
import { expectSame, expectThat, NotApplicable } from '../unmet.js';

/** A move that has to be refused, after others that are lawful. */
interface IllegalMove {
  readonly id: string;
  readonly level?: 'SHOULD';
  readonly title: BilingualText;
  readonly why: string;
  readonly pointer: string;
  readonly remedy: string;
  readonly lawful?: (item: TestItem) => Move[];
  readonly illegal: (item: TestItem) => Move;
}

const reviewOf = ({ reviews }: TestItem, place: number): string => {
  const code = reviews.at(place)?.code;
  if (code === undefined) throw new NotApplicable('the flow of the item reviews nothing');
  return code;
};
const approve = ({ ruleVersion }: TestItem) => move('decide', { outcome: 'APPROVED', reasons: null, reviewRuleVersion: ruleVersion });
const decided = (item: TestItem) => [...reviewMoves(item), approve(item)];
const certified = (item: TestItem) => [
  ...decided(item),
  ...(item.endsInCertificate ? [move('issueCertificate', { electronic: false })] : []),
];
const deliver = () => move('deliverResult', { channel: 'ISSUING_WINDOW', trackingNumber: null });
const startFirst = (item: TestItem) => move('startStep', { stepCode: reviewOf(item, 0) });
const extend = () => move('extendLimit', { days: 1, reason: '测试 test' });
const procedure = () => move('startSpecialProcedure', { kind: 'TESTING', reason: '检测(测试) testing (test)', expectedDays: null });

const ILLEGAL: readonly IllegalMove[] = [
  {
    id: 'moves.unknown-step',
    title: { zh: '拒绝开始流程中没有的环节', en: 'a step that is not in the flow is refused' },
    why: 'What is published is what is done (Art. 12).',
    pointer: 'Mutation.startStep(stepCode:)',
    remedy: 'Refuse it with STEP_UNKNOWN.',
    illegal: () => move('startStep', { stepCode: 'conformance-no-such-step' }),
  },
  {
    id: 'moves.step-order',
    title: { zh: '拒绝跳过环节', en: 'a step whose turn it is not is refused' },
    why: 'What is published is what is done (Art. 12).',
    pointer: 'Mutation.startStep',
    remedy: 'Refuse it with STEP_OUT_OF_ORDER.',
    illegal: (item) => {
      if (item.reviews.length < 2) throw new NotApplicable('the flow of the item has one review only');
      return move('startStep', { stepCode: reviewOf(item, -1) });
    },
  },
  {
    id: 'moves.step-twice',
    title: { zh: '拒绝重复开始环节', en: 'a step is not started twice' },
    why: 'A second start would move the time the step began.',
    pointer: 'Mutation.startStep',
    remedy: 'Refuse it with STEP_ALREADY_STARTED.',
    lawful: (item) => [startFirst(item)],
    illegal: startFirst,
  },
  {
    id: 'moves.finish-unstarted',
    title: { zh: '拒绝完成未开始的环节', en: 'a step that was not started is not finished' },
    why: 'Its duration could not be told.',
    pointer: 'Mutation.finishStep',
    remedy: 'Refuse it with STEP_NOT_STARTED.',
    illegal: (item) => move('finishStep', { stepCode: reviewOf(item, 0), opinion: OPINION }),
  },
  {
    id: 'moves.decide-before-reviews',
    title: { zh: '审查未完成不得批准', en: 'nothing is approved before its reviews are finished' },
    why: 'An approval rests on the reviews (Art. 12).',
    pointer: 'Mutation.decide',
    remedy: 'Refuse it with STEP_OUT_OF_ORDER.',
    lawful: (item) => [startFirst(item)],
    illegal: approve,
  },
  {
    id: 'moves.rule-not-in-force',
    title: { zh: '拒绝引用非现行细则', en: 'a decision on rules that are not in force is refused' },
    why: 'A decision cites the rules it applied (Art. 12).',
    pointer: 'Mutation.decide(reviewRuleVersion:)',
    remedy: 'Refuse it with REVIEW_RULE_NOT_IN_FORCE.',
    lawful: reviewMoves,
    illegal: ({ ruleVersion }) => move('decide', { outcome: 'APPROVED', reasons: null, reviewRuleVersion: ruleVersion + 1_000 }),
  },
  {
    id: 'moves.refusal-reasons',
    title: { zh: '不予批准须说明理由', en: 'a refusal without reasons is refused' },
    why: 'Who is refused is told why, in writing (Art. 22).',
    pointer: 'Mutation.decide(reasons:)',
    remedy: 'Refuse it with REASONS_REQUIRED.',
    lawful: reviewMoves,
    illegal: ({ ruleVersion }) => move('decide', { outcome: 'REFUSED', reasons: null, reviewRuleVersion: ruleVersion }),
  },
  {
    id: 'moves.decide-twice',
    title: { zh: '不得重复决定', en: 'a case is decided once' },
    why: 'A decision stands.',
    pointer: 'Mutation.decide',
    remedy: 'Refuse it with CASE_ALREADY_DECIDED.',
    lawful: decided,
    illegal: approve,
  },
  {
    id: 'moves.certificate-before-decision',
    title: { zh: '未批准不得制证', en: 'no certificate before the approval' },
    why: 'A certificate says that something was approved.',
    pointer: 'Mutation.issueCertificate',
    remedy: 'Refuse it with CASE_NOT_DECIDED.',
    lawful: reviewMoves,
    illegal: () => move('issueCertificate', { electronic: true }),
  },
  {
    id: 'moves.deliver-before-decision',
    title: { zh: '无决定不得送达', en: 'nothing is delivered before it is decided' },
    why: 'There is no result yet.',
    pointer: 'Mutation.deliverResult',
    remedy: 'Refuse it with CASE_NOT_DECIDED.',
    illegal: deliver,
  },
  {
    id: 'moves.deliver-twice',
    title: { zh: '不得重复送达', en: 'a result is delivered once' },
    why: 'The day of delivery counts (Administrative Licensing Law, Art. 44).',
    pointer: 'Mutation.deliverResult',
    remedy: 'Refuse it with RESULT_ALREADY_DELIVERED.',
    lawful: (item) => [...certified(item), deliver()],
    illegal: deliver,
  },
  {
    id: 'moves.extend-twice',
    title: { zh: '期限仅可延长一次', en: 'a limit is extended once' },
    why: 'The law allows it once (Administrative Licensing Law, Art. 42).',
    pointer: 'Mutation.extendLimit',
    remedy: 'Refuse it with ALREADY_EXTENDED.',
    lawful: () => [extend()],
    illegal: extend,
  },
  {
    id: 'moves.procedure-not-running',
    title: { zh: '拒绝结束未启动的特别程序', en: 'a special procedure that does not run is not finished' },
    why: 'The clock would start twice.',
    pointer: 'Mutation.finishSpecialProcedure',
    remedy: 'Refuse it with SPECIAL_PROCEDURE_NOT_RUNNING.',
    illegal: () => move('finishSpecialProcedure', { kind: 'TESTING' }),
  },
  {
    id: 'moves.during-procedure',
    level: 'SHOULD',
    title: { zh: '特别程序期间办件停止', en: 'while a special procedure runs the case stands still' },
    why: 'Its time is excluded from the limit, so nothing else may use it.',
    pointer: 'Mutation.startSpecialProcedure',
    remedy: 'Refuse it with SPECIAL_PROCEDURE_RUNNING.',
    lawful: () => [procedure()],
    illegal: startFirst,
  },
];

/** @throws Unmet unless an officer's move is refused, with a code */
async function refusedMove(session: Session, caseNumber: string, { name, arguments: args }: Move, departmentCode = session.code) {
  const error = await session.refused(mutationOf(name), { ...args, departmentCode, caseNumber }, 'officer');
  expectCoded(error);
}

function expectCoded({ extensions }: AnsweredError): void {
  const code = extensions?.['code'];
  const coded = typeof code === 'string' && code !== '' && code !== 'INTERNAL_SERVER_ERROR';
  expectThat(coded, 'the move was refused without a code that says why', { expected: 'extensions.code', found: code ?? null });
}

const NEEDS = ['moves.life'];

export const ILLEGAL_MOVE_CHECKS: readonly Check[] = [
  ...ILLEGAL.map(
    ({ lawful, illegal, level, ...about }): Check => ({
      ...about,
      level: level ?? 'MUST',
      needs: NEEDS,
      async run(session) {
        const item = await session.testItem();
        const refused = illegal(item);
        const { number } = await session.receive();
        for (const step of lawful?.(item) ?? []) await make(session, number, step);
        await refusedMove(session, number, refused);
      },
    }),
  ),
  {
    id: 'moves.unknown-case',
    level: 'MUST',
    title: { zh: '拒绝办理不存在的办件', en: 'a move on a case that does not exist is refused' },
    why: 'An officer who mistyped has to be told.',
    pointer: 'Mutation.startStep(caseNumber:)',
    remedy: 'Refuse it with CASE_NOT_FOUND.',
    needs: NEEDS,
    async run(session) {
      await refusedMove(session, '000000TESTNOSUCHCASE', startFirst(await session.testItem()));
    },
  },
  {
    id: 'moves.wrong-department',
    level: 'MUST',
    title: { zh: '拒绝以其他部门编码办理', en: 'a move under another department’s code is refused' },
    why: 'It was routed here by mistake.',
    pointer: 'Mutation.startStep(departmentCode:)',
    remedy: 'Refuse a departmentCode that is not yours with the code UNKNOWN_DEPARTMENT.',
    needs: NEEDS,
    async run(session) {
      const { number } = await session.receive();
      await refusedMove(session, number, startFirst(await session.testItem()), OTHER_DEPARTMENT);
    },
  },
  {
    id: 'moves.refused-without-event',
    level: 'MUST',
    title: { zh: '被拒绝的办理不产生事件', en: 'a refused move leaves no event and no trace in the case' },
    why: 'The ledger would show what never happened.',
    pointer: 'CaseEvent',
    remedy: 'Write the event in the transaction that makes the change, after every rule was looked at.',
    needs: NEEDS,
    async run(session) {
      const item = await session.testItem();
      const before = await session.pages.end();
      const { number } = await session.receive();
      const untouched = await session.case(number);
      const attempts = [
        move('startStep', { stepCode: 'conformance-no-such-step' }),
        move('finishSpecialProcedure', { kind: 'TESTING' }),
        deliver(),
      ];
      let refused = 0;
      for (const { name, arguments: args } of [...attempts, move('finishStep', { stepCode: reviewOf(item, 0), opinion: OPINION })]) {
        const { errors } = await session.ask(mutationOf(name), { ...args, departmentCode: session.code, caseNumber: number }, 'officer');
        if (errors.length > 0) refused++;
      }
      if (refused < attempts.length + 1) throw new NotApplicable('illegal moves are accepted, as other checks tell');
      expectSame(await session.case(number), untouched, 'refused moves changed the case');
      // lawful, so that an event which comes late would come before it
      await make(session, number, startFirst(item));
      const kinds = (await session.eventsOf([number], before)).map(({ kind }) => kind);
      expectSame(kinds, ['RECEIVED', 'STEP_STARTED'], 'refused moves are told of in the feed');
    },
  },
];
