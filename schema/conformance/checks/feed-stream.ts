import { OTHER_DEPARTMENT } from '../callers.js';
import type { Check } from '../check.js';
import type { CaseEvent } from '../client/documents.js';
import { errorList } from '../client/graphql-answer.js';
import type { Session } from '../session.js';
import { reconnectRun } from '../synthetic/reconnect-run.js';
import { expectSame, expectThat, Unmet } from '../unmet.js';
import { recent } from './feed-pages.js';

const POINTER = 'Subscription.caseEvents';
/** Milliseconds from a mutation's answer to its event, when nobody has to poll. */
const PROMPT = 1_000;
/** Tries, since a busy machine may be slow once. */
const TRIES = 3;
const CONCURRENT = 20;

const idsOf = (events: readonly CaseEvent[]) => events.map(({ id }) => id);

/**
 * Server libraries tell of a subscription that was refused before its first event in two ways: an `error` message, or a
 * result of errors alone and the end.
 * @throws Unmet unless it is one of them
 */
async function refusedStream(session: Session, after: string | undefined, departmentCode: string): Promise<void> {
  await using socket = await session.socket();
  const { isMine } = session.follow(socket, after, 'refused', departmentCode);
  const { type, payload } = await socket.next(isMine, 'an error message');
  if (type === 'error') {
    errorList(payload);
    return;
  }
  const { data, errors } = (payload ?? {}) as { data?: unknown; errors?: unknown };
  expectThat(type === 'next' && data == null, 'the subscription was not refused', { expected: 'error', found: type });
  errorList(errors);
  const end = await socket.next(isMine, 'the end of the refused subscription');
  expectThat(end.type === 'complete', 'the refused subscription goes on', { expected: 'complete', found: end.type });
}

export const FEED_STREAM_CHECKS: readonly Check[] = [
  {
    id: 'feed.subscribe-opens',
    level: 'MUST',
    title: { zh: '事件流可订阅并保持', en: 'the feed can be subscribed to, and stays open' },
    why: 'Progress reaches the province by it in real time (Arts. 10, 19).',
    pointer: POINTER,
    remedy: 'Keep the subscription open when there is nothing to tell.',
    smoke: true,
    needs: ['sockets.ping', 'feed.page-opens'],
    async run(session) {
      await using socket = await session.socket();
      const { isMine } = session.follow(socket, undefined);
      await socket.roundTrip();
      const ended = socket.drain(isMine).find(({ type }) => type !== 'next');
      if (ended !== undefined)
        throw new Unmet(`the subscription was answered with \`${ended.type}\``, { expected: 'events', found: ended.payload });
      socket.send({ type: 'complete', id: 'feed' });
    },
  },
  {
    id: 'feed.resume-stream',
    level: 'MUST',
    title: { zh: '从任一游标订阅所得与分页一致', en: 'a subscription after any cursor brings what the pages have' },
    why: 'Consumers keep the last cursor only, and may read either way.',
    pointer: 'Subscription.caseEvents(after:)',
    remedy: 'Read stored events after the cursor first, then go over to live ones without a gap between.',
    needs: ['feed.subscribe-opens', 'feed.stable'],
    async run(session) {
      const { before, events } = await recent(session);
      await using socket = await session.socket();
      for (const [index, after] of [before, ...events.slice(0, -1).map(({ cursor }) => cursor)].entries()) {
        const rest = events.slice(index);
        const stream = session.follow(socket, after, `feed${index}`);
        const streamed: CaseEvent[] = [];
        while (streamed.length < rest.length) streamed.push(await stream.next());
        stream.complete();
        expectSame(streamed, rest, 'the subscription brought something else than the pages have');
      }
    },
  },
  {
    id: 'feed.live',
    level: 'MUST',
    title: { zh: '新事件实时推送', en: 'a new event arrives without asking again' },
    why: 'Progress and results flow back in real time (Arts. 10, 19).',
    pointer: POINTER,
    remedy: 'Wake the subscriptions when a transaction with an event commits.',
    needs: ['feed.resume-stream'],
    async run(session) {
      await using socket = await session.socket();
      const stream = session.follow(socket, await session.pages.end());
      const { number } = await session.receive();
      await stream.until(({ caseNumber }) => caseNumber === number);
    },
  },
  {
    id: 'feed.live-prompt',
    level: 'SHOULD',
    title: { zh: '新事件一秒内到达', en: 'a new event arrives within a second' },
    why: 'People watch it.',
    pointer: POINTER,
    remedy: 'Wake the subscriptions when a transaction with an event commits; polling is the fallback.',
    needs: ['feed.live'],
    async run(session) {
      await using socket = await session.socket();
      const stream = session.follow(socket, await session.pages.end());
      const delays: number[] = [];
      while (delays.length < TRIES && !delays.some((delay) => delay <= PROMPT)) {
        const { number } = await session.receive();
        const answered = performance.now();
        await stream.until(({ caseNumber }) => caseNumber === number);
        delays.push(Math.round(performance.now() - answered));
      }
      expectThat(Math.min(...delays) <= PROMPT, 'live events come late', {
        expected: `${PROMPT} ms`,
        found: `${Math.min(...delays)} ms at best`,
      });
    },
  },
  {
    id: 'feed.concurrent-writers',
    level: 'MUST',
    title: { zh: '并发写入时事件不缺不重', en: 'of changes made at the same moment every event arrives, once' },
    why: 'A position given before the commit lets a reader pass by an event that commits late.',
    pointer: POINTER,
    remedy: 'Give positions under a lock that is held until the commit.',
    needs: ['feed.live', 'receive.concurrent'],
    async run(session) {
      const before = await session.pages.end();
      await using socket = await session.socket();
      const stream = session.follow(socket, before);
      const cases = await Promise.all(Array.from({ length: CONCURRENT }, () => session.receive()));
      const waited = new Set(cases.map(({ number }) => number));
      const streamed = await stream.until(({ caseNumber }) => waited.delete(caseNumber) && waited.size === 0);
      const stored = (await session.pages.after(before)).slice(0, streamed.length);
      expectSame(idsOf(streamed), idsOf(stored), 'the subscription and the pages differ after concurrent changes');
    },
  },
  {
    id: 'feed.no-gap-over-reconnect',
    level: 'MUST',
    title: { zh: '断线重连不缺事件', en: 'no event is lost over lost connections' },
    why: 'Connections break every day; an event lost then is a case that never moves on.',
    pointer: 'Subscription.caseEvents(after:)',
    remedy: 'Go on from the cursor the consumer gives, not from what was sent to the connection that broke.',
    needs: ['feed.concurrent-writers', 'feed.unique-ids'],
    async run(session) {
      const { streamed, stored } = await session.once('reconnect run', () => reconnectRun(session));
      const arrived = new Set(idsOf(streamed));
      const lost = stored.findIndex(({ id }) => !arrived.has(id));
      expectThat(lost < 0, 'an event that the pages have never came over connections that broke', {
        expected: `${stored.length} events`,
        found: `${arrived.size}; the first one missing is number ${lost + 1}`,
      });
    },
  },
  {
    id: 'feed.no-repeat-over-reconnect',
    level: 'MUST',
    title: { zh: '断线重连不重复事件', en: 'no event comes twice over lost connections' },
    why: 'The contract promises it; a consumer that trusts it would count twice.',
    pointer: 'Subscription.caseEvents(after:)',
    remedy: 'Begin after the cursor, not at it.',
    needs: ['feed.concurrent-writers', 'feed.unique-ids'],
    async run(session) {
      const ids = idsOf((await session.once('reconnect run', () => reconnectRun(session))).streamed);
      const repeated = ids.filter((id, index) => ids.indexOf(id) !== index).length;
      expectThat(repeated === 0, 'events came again after a connection broke', { expected: 0, found: repeated });
    },
  },
  {
    id: 'feed.bad-cursor-stream',
    level: 'MUST',
    title: { zh: '订阅时无法识别的游标以错误拒绝', en: 'subscribing after what is no cursor is refused' },
    why: 'A feed that starts over instead hides that the consumer has lost its place.',
    pointer: 'Cursor',
    remedy: 'Answer an `error` message with the code CURSOR_INVALID.',
    needs: ['feed.subscribe-opens'],
    run: (session) => refusedStream(session, 'conformance-no-cursor', session.code),
  },
  {
    id: 'feed.wrong-department-stream',
    level: 'MUST',
    title: { zh: '拒绝订阅其他部门的事件流', en: 'subscribing to another department’s feed is refused' },
    why: 'Its events would be booked for the wrong department.',
    pointer: 'Subscription.caseEvents(departmentCode:)',
    remedy: 'Answer an `error` message with the code UNKNOWN_DEPARTMENT.',
    needs: ['feed.subscribe-opens'],
    run: (session) => refusedStream(session, undefined, OTHER_DEPARTMENT),
  },
];
