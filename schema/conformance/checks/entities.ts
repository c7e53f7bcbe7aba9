import { OTHER_DEPARTMENT } from '../callers.js';
import type { Check } from '../check.js';
import { ENTITIES } from '../client/documents.js';
import type { Session } from '../session.js';
import { expectSame, expectThat, NotApplicable } from '../unmet.js';

type Row = Readonly<Record<string, unknown>> | null;
type Representation = ReturnType<Session['itemKey']> | ReturnType<Session['caseKey']>;

const POINTER = 'ServiceItem @key';
const ORDER_REMEDY =
  'Answer `_entities` with one row for each representation, at its place; after a query by keys, put the rows back in order.';
const UNKNOWN_REMEDY = 'Answer null at its place, without an error: a reference is no promise that the row exists.';

/** Rows of both types by their keys, as the gateway asks for them. */
export function ask(session: Session, representations: readonly Representation[]): Promise<Row[]> {
  return session.data<Row[]>(ENTITIES, { representations });
}

/** The keys of rows, to compare with what was asked for. */
export function keysOf(rows: readonly Row[]): unknown[] {
  return rows.map((row) => (row === null ? null : { __typename: row['__typename'], ...key(row) }));
}

function key(row: Readonly<Record<string, unknown>>) {
  return 'number' in row
    ? { number: row['number'], departmentCode: row['departmentCode'] }
    : { code: row['code'], departmentCode: row['departmentCode'] };
}

async function itemKeys(session: Session, least: number): Promise<ReturnType<Session['itemKey']>[]> {
  const items = await session.items();
  if (items.length < least) throw new NotApplicable(`the department has fewer than ${least} items`);
  return items.slice(0, 20).map(({ code }) => session.itemKey(code));
}

function threeCases(session: Session) {
  return session.once('three cases', async () => [await session.receive(), await session.receive(), await session.receive()]);
}

export const ENTITY_CHECKS: readonly Check[] = [
  {
    id: 'entities.typename',
    level: 'MUST',
    title: { zh: '按键应答事项,含 __typename 与键', en: 'an item is answered by its key, with __typename' },
    why: 'The gateway joins rows of several services by __typename and key.',
    pointer: POINTER,
    remedy: 'Resolve `_entities` for every type with a @key, and say each row’s type.',
    smoke: true,
    needs: ['items.declared'],
    async run(session) {
      const [first] = await itemKeys(session, 1);
      const rows = await ask(session, first === undefined ? [] : [first]);
      expectSame(keysOf(rows), [first], 'an item that the department declared is not answered by its key');
    },
  },
  {
    id: 'entities.order',
    level: 'MUST',
    title: { zh: '_entities 按请求次序应答', en: '_entities answers in the order asked' },
    why: 'The gateway puts rows together by their place: in another order, one case silently shows the data of another.',
    pointer: POINTER,
    remedy: ORDER_REMEDY,
    smoke: true,
    needs: ['entities.typename'],
    async run(session) {
      const keys = await itemKeys(session, 2);
      // both directions: one of them differs from whatever order the store has
      for (const asked of [keys, keys.toReversed()]) expectSame(keysOf(await ask(session, asked)), asked, 'rows came in another order');
    },
  },
  {
    id: 'entities.repeats',
    level: 'MUST',
    title: { zh: '重复的键逐一应答', en: 'a key asked for twice is answered twice' },
    why: 'Two places of one answer may show the same row.',
    pointer: POINTER,
    remedy: ORDER_REMEDY,
    smoke: true,
    needs: ['entities.typename'],
    async run(session) {
      const [first] = await itemKeys(session, 1);
      const asked = first === undefined ? [] : [first, first, first];
      expectSame(keysOf(await ask(session, asked)), asked, 'a repeated key was not answered at each of its places');
    },
  },
  {
    id: 'entities.unknown-null',
    level: 'MUST',
    title: { zh: '未知的键应答 null 且无错误', en: 'an unknown key is answered null, without an error' },
    why: 'One reference to a row that is gone must not spoil the rows beside it.',
    pointer: POINTER,
    remedy: UNKNOWN_REMEDY,
    smoke: true,
    needs: ['entities.typename'],
    async run(session) {
      const unknown = [session.itemKey('conformance-no-such-item'), session.caseKey('000000TESTNOSUCHCASE')];
      expectSame(await ask(session, unknown), [null, null], 'a key that nobody has was not answered null');
    },
  },
  {
    id: 'entities.foreign-null',
    level: 'MUST',
    title: { zh: '其他部门的行应答 null', en: 'another department’s row is answered null' },
    why: 'A row belongs to the department its key names; two answers for one row would contradict each other.',
    pointer: 'ServiceItem @partition',
    remedy: 'Compare `departmentCode` of each representation with your own before looking anything up.',
    smoke: true,
    needs: ['entities.typename'],
    async run(session) {
      const [first] = await itemKeys(session, 1);
      const foreign = session.itemKey(first?.code ?? '', OTHER_DEPARTMENT);
      expectSame(await ask(session, [foreign]), [null], 'an own code under another department’s code was answered');
    },
  },
  {
    id: 'entities.empty',
    level: 'SHOULD',
    title: { zh: '空列表应答空列表', en: 'no representations, no rows' },
    why: 'A list that happens to be empty is no fault.',
    pointer: POINTER,
    remedy: 'Answer [] to [].',
    smoke: true,
    needs: ['entities.typename'],
    async run(session) {
      expectSame(await ask(session, []), [], 'an empty list was not answered with an empty list');
    },
  },
  {
    id: 'entities.unknown-type',
    level: 'SHOULD',
    title: { zh: '未知类型以错误拒绝', en: 'a representation of an unknown type is an error' },
    why: 'A mistake of whoever asks is told, not answered with something.',
    pointer: POINTER,
    remedy: 'Refuse representations whose __typename has no @key in your schema.',
    needs: ['entities.typename'],
    async run(session) {
      await session.refused(ENTITIES, { representations: [{ __typename: 'ConformanceNoSuchType', id: '1' }] });
    },
  },
  {
    id: 'entities.cases',
    level: 'MUST',
    title: { zh: '按键应答办件并依次序', en: 'cases are answered by their keys, in order' },
    why: 'The ledger’s lists ask for many cases at once.',
    pointer: 'Case @key',
    remedy: ORDER_REMEDY,
    needs: ['entities.typename', 'receive.accepts'],
    async run(session) {
      const numbers = (await threeCases(session)).map(({ number }) => number);
      for (const asked of [numbers, numbers.toReversed()]) {
        const keys = asked.map((number) => session.caseKey(number));
        expectSame(keysOf(await ask(session, keys)), keys, 'cases that were received are not answered by their keys, in order');
      }
    },
  },
  {
    id: 'entities.cases-foreign-null',
    level: 'MUST',
    title: { zh: '以其他部门编码查询本部门办件应答 null', en: 'an own case under another department’s code is answered null' },
    why: 'Case numbers of another department may look the same.',
    pointer: 'Case @partition',
    remedy: 'Compare `departmentCode` of each representation with your own before looking anything up.',
    needs: ['entities.cases'],
    async run(session) {
      const [first] = await threeCases(session);
      expectSame(
        await ask(session, [session.caseKey(first?.number ?? '', OTHER_DEPARTMENT)]),
        [null],
        'a case was answered under another department’s code',
      );
    },
  },
  {
    id: 'entities.mixed',
    level: 'MUST',
    title: { zh: '同一请求可含两种类型', en: 'items and cases in one request' },
    why: 'The gateway may ask for both types at once.',
    pointer: POINTER,
    remedy: 'Group representations by type if you must, and put the rows back at their places.',
    needs: ['entities.cases'],
    async run(session) {
      const [one, two] = await threeCases(session);
      const [item] = await itemKeys(session, 1);
      const keys = [session.caseKey(one?.number ?? ''), session.itemKey(item?.code ?? ''), session.caseKey(two?.number ?? '')];
      const rows = await ask(session, keys);
      expectThat(rows.length === 3, 'rows are missing', { expected: 3, found: rows.length });
      expectSame(keysOf(rows), keys, 'rows of two types are not at their places');
    },
  },
];
