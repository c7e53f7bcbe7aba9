import { OTHER_DEPARTMENT } from '../callers.js';
import type { Check } from '../check.js';
import { type CaseEvent, RECEIVE_CASE } from '../client/documents.js';
import type { Session } from '../session.js';
import { push, testInput } from '../synthetic/test-case.js';
import { expectSame, expectThat } from '../unmet.js';

const POINTER = 'Mutation.receiveCase';
const IDEMPOTENCE =
  'Make the case number unique in the store, and answer whoever comes second with the first receipt and alreadyReceived: true.';
/** Repeats at the same moment. */
const CONCURRENT = 10;

async function newInput(session: Session, changes: Readonly<Record<string, unknown>> = {}) {
  return testInput(session, (await session.testItem()).declared, changes);
}

/** @throws Unmet unless the feed has exactly one RECEIVED of the case */
async function receivedOnce(session: Session, number: string, before: string | undefined): Promise<CaseEvent> {
  const events = (await session.eventsOf([number], before)).filter(({ kind }) => kind === 'RECEIVED');
  expectThat(events.length === 1, 'the feed has not exactly one RECEIVED for a case', { expected: 1, found: events.length });
  return events[0] as CaseEvent;
}

export const RECEIVE_CHECKS: readonly Check[] = [
  {
    id: 'receive.accepts',
    level: 'MUST',
    title: { zh: '接收推送的办件并回执', en: 'a pushed case is received, and receipted' },
    why: 'It is how accepted applications reach a department.',
    pointer: POINTER,
    remedy: 'Take in any case that fits the guide; give `form` values to the suite when an entry needs more than “1”.',
    needs: ['entities.typename'],
    async run(session) {
      const { number, receipt } = await session.receive();
      expectSame(receipt.caseNumber, number, 'the receipt names another case');
      expectSame(receipt.alreadyReceived, false, 'a case that was never pushed before is receipted as a repeat');
    },
  },
  {
    id: 'receive.idempotent',
    level: 'MUST',
    title: { zh: '重复推送幂等,收件时间不变', en: 'a repeated push is receipted alike, with alreadyReceived' },
    why: 'The platform pushes again whenever an answer was lost.',
    pointer: POINTER,
    remedy: IDEMPOTENCE,
    needs: ['receive.accepts'],
    async run(session) {
      const input = await newInput(session);
      const first = await push(session, input);
      for (let repeat = 0; repeat < 2; repeat++) {
        expectSame(await push(session, input), { ...first, alreadyReceived: true }, 'a repeated push is not receipted as the first was');
      }
    },
  },
  {
    id: 'receive.concurrent',
    level: 'MUST',
    title: { zh: '并发重复推送仅收件一次', en: 'of pushes at the same moment one is the first' },
    why: 'Several workers may push the same case at once.',
    pointer: POINTER,
    remedy: IDEMPOTENCE,
    needs: ['receive.idempotent'],
    async run(session) {
      const input = await newInput(session);
      const receipts = await Promise.all(Array.from({ length: CONCURRENT }, () => push(session, input)));
      const firsts = receipts.filter(({ alreadyReceived }) => !alreadyReceived).length;
      expectThat(firsts === 1, 'of concurrent pushes not exactly one was the first', { expected: 1, found: firsts });
      const times = new Set(receipts.map(({ receivedAt }) => receivedAt));
      expectThat(times.size === 1, 'concurrent pushes were receipted with different times', { expected: 1, found: times.size });
    },
  },
  {
    id: 'receive.once-in-feed',
    level: 'MUST',
    title: { zh: '收件事件仅发布一次', en: 'the feed tells of a receipt once, however often it was pushed' },
    why: 'The ledger counts and times a case by its RECEIVED.',
    pointer: 'CaseEventKind.RECEIVED',
    remedy: 'Write the case and its RECEIVED in one transaction; write nothing for a repeat.',
    needs: ['receive.concurrent', 'feed.resume-pages'],
    async run(session) {
      const before = await session.pages.end();
      const input = await newInput(session);
      await push(session, input);
      await push(session, input);
      await Promise.all([push(session, input), push(session, input)]);
      await receivedOnce(session, input.number, before);
    },
  },
  {
    id: 'receive.visible',
    level: 'MUST',
    title: { zh: '收件后即可查询,收件时间一致', en: 'a received case is there at once, with the receipt’s time' },
    why: 'Window and applicant look at it right after acceptance.',
    pointer: 'Case.receivedAt',
    remedy: 'Answer from the store that receiveCase wrote to.',
    needs: ['receive.accepts', 'entities.typename'],
    async run(session) {
      const { number, receipt } = await session.receive();
      const found = await session.case(number);
      expectSame([found?.number, found?.receivedAt], [number, receipt.receivedAt], 'the case is not there as it was receipted');
      expectSame(found?.steps ?? [], [], 'a case that was just received has steps already');
    },
  },
  {
    id: 'receive.due-dates-unknown',
    level: 'MUST',
    title: { zh: '到期日未知时照常收件', en: 'a case whose due dates are not known yet is received' },
    why: 'No official calendar covers a year before it is published; cases of that autumn come without due dates.',
    pointer: 'AcceptedCaseInput.promisedDueAt',
    remedy: 'Let promisedDueAt and statutoryDueAt be null.',
    needs: ['receive.accepts'],
    async run(session) {
      await push(session, await newInput(session, { promisedDueAt: null, statutoryDueAt: null }));
    },
  },
  {
    id: 'receive.rare-characters',
    level: 'MUST',
    title: { zh: '生僻字姓名照常收件', en: 'a name with rare characters is received' },
    why: 'Thousands of people have names outside the basic plane of Unicode; a store with three-byte text refuses them.',
    pointer: 'AcceptedApplicantInput.name',
    remedy: 'Use utf8mb4 (MySQL), NVARCHAR (SQL Server) or their like wherever names are kept.',
    needs: ['receive.accepts'],
    async run(session) {
      const applicant = { kind: 'ENTERPRISE', name: '𠮷𬎆𫖯契约测试', idNumber: '91000000000000000K', phone: null };
      await push(session, await newInput(session, { applicant }));
    },
  },
  {
    id: 'receive.unknown-item',
    level: 'MUST',
    title: { zh: '拒绝未知事项的办件', en: 'a case of an unknown item is refused' },
    why: 'A case that nobody can handle must come back, not vanish.',
    pointer: 'AcceptedCaseInput.itemCode',
    remedy: 'Refuse it with the code UNKNOWN_ITEM.',
    needs: ['receive.accepts'],
    async run(session) {
      const input = await newInput(session, { itemCode: 'conformance-no-such-item' });
      await session.refused(RECEIVE_CASE, { departmentCode: session.code, input });
    },
  },
  {
    id: 'receive.department-mismatch',
    level: 'MUST',
    title: { zh: '拒绝部门编码前后不一的办件', en: 'a case whose input names another department is refused' },
    why: 'It was routed here by mistake.',
    pointer: 'AcceptedCaseInput.departmentCode',
    remedy: 'Refuse it when `input.departmentCode` is not yours.',
    needs: ['receive.accepts'],
    async run(session) {
      const input = await newInput(session, { departmentCode: OTHER_DEPARTMENT });
      await session.refused(RECEIVE_CASE, { departmentCode: session.code, input });
    },
  },
  {
    id: 'receive.wrong-department',
    level: 'MUST',
    title: { zh: '拒绝推送给其他部门的办件', en: 'a case pushed for another department is refused' },
    why: 'It was routed here by mistake.',
    pointer: 'Mutation.receiveCase(departmentCode:)',
    remedy: 'Refuse a departmentCode that is not yours with the code UNKNOWN_DEPARTMENT.',
    needs: ['receive.accepts'],
    async run(session) {
      const input = await newInput(session, { departmentCode: OTHER_DEPARTMENT });
      await session.refused(RECEIVE_CASE, { departmentCode: OTHER_DEPARTMENT, input });
    },
  },
];
