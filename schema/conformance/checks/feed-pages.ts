import { OTHER_DEPARTMENT } from '../callers.js';
import type { Check } from '../check.js';
import { CASE_EVENT_PAGE, type CaseEvent } from '../client/documents.js';
import type { Session } from '../session.js';
import { expectSame, expectThat } from '../unmet.js';

const POINTER = 'Query.caseEventPage';
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

const idsOf = (events: readonly CaseEvent[]) => events.map(({ id }) => id);

interface Recent {
  readonly before: string | undefined;
  readonly numbers: readonly string[];
  /** Every event after `before`, as pages. */
  readonly events: readonly CaseEvent[];
}

/** Four cases received one after the other, for every check that reads the feed. */
export function recent(session: Session): Promise<Recent> {
  return session.once('recent events', async () => {
    const before = await session.pages.end();
    const numbers: string[] = [];
    for (let count = 0; count < 4; count++) numbers.push((await session.receive()).number);
    return { before, numbers, events: await session.pages.after(before) };
  });
}

export const FEED_PAGE_CHECKS: readonly Check[] = [
  {
    id: 'feed.page-opens',
    level: 'MUST',
    title: { zh: '事件流可分页读取', en: 'the feed can be read as pages' },
    why: 'A consumer that can’t hold a socket follows it so.',
    pointer: POINTER,
    remedy: 'Answer a list, empty when nothing has happened yet.',
    smoke: true,
    needs: ['sdl.service'],
    async run(session) {
      const page = await session.pages.page(undefined, 5);
      expectThat(page.length <= 5, 'a page is longer than `first`', { expected: 5, found: page.length });
    },
  },
  {
    id: 'feed.resume-pages',
    level: 'MUST',
    title: { zh: '从任一游标续读恰得其后事件', en: 'a page after any cursor is exactly what follows it' },
    why: 'Consumers keep the last cursor only; an event skipped here is lost for good.',
    pointer: 'Query.caseEventPage(after:)',
    remedy: 'Page by a gapless position in commit order, not by time or by an id given before the commit.',
    needs: ['feed.page-opens', 'receive.accepts'],
    async run(session) {
      const { before, numbers, events } = await recent(session);
      expectThat(events.length >= numbers.length, 'events of cases that were just received are missing from the pages', {
        expected: numbers.length,
        found: events.length,
      });
      for (const [index, after] of [before, ...events.map(({ cursor }) => cursor)].entries()) {
        const rest = idsOf(events.slice(index));
        const page = idsOf(await session.pages.page(after)).slice(0, rest.length);
        expectSame(page, rest.slice(0, 100), 'the page after a cursor is not what follows it');
      }
    },
  },
  {
    id: 'feed.order',
    level: 'MUST',
    title: { zh: '事件按发生次序', en: 'events come in the order they happened' },
    why: 'The ledger applies them as they come.',
    pointer: 'CaseEvent.cursor',
    remedy: 'Give positions in commit order.',
    needs: ['feed.resume-pages'],
    async run(session) {
      const { numbers, events } = await recent(session);
      const received = events.filter(({ kind, caseNumber }) => kind === 'RECEIVED' && numbers.includes(caseNumber));
      expectSame(
        received.map(({ caseNumber }) => numbers.indexOf(caseNumber)),
        numbers.map((_, index) => index),
        'cases received one after the other are told of in another order',
      );
    },
  },
  {
    id: 'feed.unique-ids',
    level: 'MUST',
    title: { zh: '事件编号与游标唯一', en: 'every event has an id and a cursor of its own' },
    why: 'A repeated id is the same event, and is ignored.',
    pointer: 'CaseEvent.id',
    remedy: 'Give every event a UUID when it is written, and a cursor from its position.',
    needs: ['feed.resume-pages'],
    async run(session) {
      const { events } = await recent(session);
      for (const values of [idsOf(events), events.map(({ cursor }) => cursor)]) {
        expectThat(
          values.every((value) => typeof value === 'string' && value !== ''),
          'an event has an empty id or cursor',
        );
        expectThat(new Set(values).size === values.length, 'two events have the same id or cursor', { found: values });
      }
    },
  },
  {
    id: 'feed.department-code',
    level: 'MUST',
    title: { zh: '事件的部门编码正确', en: 'events carry the department’s own code' },
    why: 'The ledger finds the case by it.',
    pointer: 'CaseEvent.departmentCode',
    remedy: 'Answer the code that the department is registered under.',
    needs: ['feed.resume-pages'],
    async run(session) {
      for (const { departmentCode } of (await recent(session)).events)
        expectSame(departmentCode, session.code, 'an event has another department’s code');
    },
  },
  {
    id: 'feed.instants',
    level: 'MUST',
    title: { zh: '时间为 UTC、精确到毫秒', en: 'instants are RFC 3339, UTC, with milliseconds' },
    why: 'Clocks of limits count from them; other forms sort and parse differently.',
    pointer: 'DateTime',
    remedy: 'Write 2026-11-24T01:00:00.000Z: always three digits, always Z.',
    needs: ['feed.resume-pages'],
    async run(session) {
      const [{ receipt }, { events }] = [await session.receive(), await recent(session)];
      for (const instant of [receipt.receivedAt, ...events.map(({ occurredAt }) => occurredAt)])
        expectThat(INSTANT.test(instant), 'an instant has another form', { expected: '2026-11-24T01:00:00.000Z', found: instant });
    },
  },
  {
    id: 'feed.stable',
    level: 'MUST',
    title: { zh: '重复读取内容不变', en: 'what was read once reads the same again' },
    why: 'A consumer that was interrupted reads again.',
    pointer: 'CaseEvent.id',
    remedy: 'Keep events as they were written; make neither ids nor details when they are read.',
    needs: ['feed.resume-pages'],
    async run(session) {
      const { before, events } = await recent(session);
      expectSame((await session.pages.after(before)).slice(0, events.length), events, 'the same events read differently the second time');
    },
  },
  {
    id: 'feed.page-size',
    level: 'MUST',
    title: { zh: '遵守页长', en: 'a page has `first` events when there are so many' },
    why: 'A longer page may not fit, a shorter one looks like the end.',
    pointer: 'Query.caseEventPage(first:)',
    remedy: 'Answer as many events as asked for, up to your limit of at least 100.',
    needs: ['feed.resume-pages'],
    async run(session) {
      const { before } = await recent(session);
      for (const first of [1, 2, 3]) {
        const { length } = await session.pages.page(before, first);
        expectThat(length === first, 'a page has another length than was asked for', { expected: first, found: length });
      }
    },
  },
  {
    id: 'feed.page-size-refused',
    level: 'SHOULD',
    title: { zh: '拒绝负页长', en: 'a negative page size is refused' },
    why: 'It is a mistake of whoever asks, and is told.',
    pointer: 'Query.caseEventPage(first:)',
    remedy: 'Refuse it with BAD_USER_INPUT.',
    needs: ['feed.page-opens'],
    async run(session) {
      await session.refused(CASE_EVENT_PAGE, { departmentCode: session.code, after: null, first: -1 });
    },
  },
  {
    id: 'feed.bad-cursor',
    level: 'MUST',
    title: { zh: '无法识别的游标以错误拒绝', en: 'what is no cursor of this feed is refused' },
    why: 'A feed that starts over instead hides that the consumer has lost its place.',
    pointer: 'Cursor',
    remedy: 'Refuse it with CURSOR_INVALID; a cursor of another feed with CURSOR_FOREIGN.',
    needs: ['feed.page-opens'],
    async run(session) {
      await session.refused(CASE_EVENT_PAGE, { departmentCode: session.code, after: 'conformance-no-cursor', first: 5 });
    },
  },
  {
    id: 'feed.wrong-department',
    level: 'MUST',
    title: { zh: '拒绝读取其他部门的事件流', en: 'another department’s feed is refused' },
    why: 'Its events would be booked for the wrong department.',
    pointer: 'Query.caseEventPage(departmentCode:)',
    remedy: 'Refuse a departmentCode that is not yours with the code UNKNOWN_DEPARTMENT.',
    needs: ['feed.page-opens'],
    async run(session) {
      await session.refused(CASE_EVENT_PAGE, { departmentCode: OTHER_DEPARTMENT, after: null, first: 5 });
    },
  },
];
