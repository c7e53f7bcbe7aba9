import type { Check } from '../check.js';
import { CASE_EVENTS } from '../client/documents.js';
import { errorList } from '../client/graphql-answer.js';
import { type TransportMessage, TransportSocket } from '../client/transport-socket.js';
import type { Session } from '../session.js';
import { expectThat } from '../unmet.js';

const POINTER = 'schema/conformance/README.md#sockets';
const LIBRARY = 'Use a graphql-transport-ws server library of your platform, or follow the protocol to the letter.';

function subscribe(session: Session, id: string): TransportMessage {
  return { type: 'subscribe', id, payload: { query: CASE_EVENTS, variables: { departmentCode: session.code, after: null } } };
}

async function expectClosed(socket: TransportSocket, code: number, when: string): Promise<void> {
  const found = await socket.closed();
  expectThat(found === code, `the socket closed with another code ${when}`, { expected: code, found });
}

export const SOCKET_CHECKS: readonly Check[] = [
  {
    id: 'sockets.opens',
    level: 'MUST',
    title: { zh: '以 graphql-transport-ws 建立连接', en: 'a graphql-transport-ws connection is acknowledged' },
    why: 'Every live event comes over such a socket.',
    pointer: POINTER,
    remedy: `Take the subprotocol graphql-transport-ws and answer connection_init with connection_ack. ${LIBRARY}`,
    smoke: true,
    needs: ['endpoint.answers'],
    async run(session) {
      await using socket = await session.socket();
      expectThat(socket.socket.protocol === 'graphql-transport-ws', 'the handshake chose another subprotocol', {
        found: socket.socket.protocol,
      });
    },
  },
  {
    id: 'sockets.ping',
    level: 'MUST',
    title: { zh: 'ping 以 pong 应答', en: 'a ping is answered with a pong' },
    why: 'The gateway tells a silent feed from a dead one by it.',
    pointer: POINTER,
    remedy: LIBRARY,
    smoke: true,
    needs: ['sockets.opens'],
    async run(session) {
      await using socket = await session.socket();
      await socket.roundTrip();
    },
  },
  {
    id: 'sockets.init-required',
    level: 'MUST',
    title: { zh: '未确认连接前订阅以 4401 关闭', en: 'subscribing before connection_ack closes with 4401' },
    why: 'Without connection_init nobody has shown a token.',
    pointer: POINTER,
    remedy: LIBRARY,
    smoke: true,
    needs: ['sockets.opens'],
    async run(session) {
      await using socket = await TransportSocket.open(session.subscriptionUrl, session.timeoutMs);
      socket.send(subscribe(session, 'early'));
      await expectClosed(socket, 4401, 'on an early subscribe');
    },
  },
  {
    id: 'sockets.subprotocol',
    level: 'MUST',
    title: { zh: '拒绝其他子协议', en: 'a client without the subprotocol is not served' },
    why: 'Older protocols look alike and mean something else.',
    pointer: POINTER,
    remedy: 'Refuse the handshake, or close with 4406.',
    needs: ['sockets.opens'],
    async run(session) {
      // a client that insists on its subprotocol fails the handshake itself, so this one names none
      const socket = await TransportSocket.open(session.subscriptionUrl, session.timeoutMs, '').catch(() => undefined);
      if (socket === undefined) return;
      await using open = socket;
      open.send({ type: 'connection_init', payload: { authorization: await session.authorization('platform') } });
      await expectClosed(open, 4406, 'without a subprotocol');
    },
  },
  {
    id: 'sockets.init-once',
    level: 'MUST',
    title: { zh: '重复 connection_init 以 4429 关闭', en: 'a second connection_init closes with 4429' },
    why: 'A connection belongs to one caller.',
    pointer: POINTER,
    remedy: LIBRARY,
    needs: ['sockets.opens'],
    async run(session) {
      await using socket = await session.socket();
      socket.send({ type: 'connection_init', payload: { authorization: await session.authorization('platform') } });
      await expectClosed(socket, 4429, 'on a second connection_init');
    },
  },
  {
    id: 'sockets.garbage',
    level: 'MUST',
    title: { zh: '非法消息以 4400 关闭', en: 'what is no message closes with 4400' },
    why: 'A peer that is out of step must not be left waiting.',
    pointer: POINTER,
    remedy: LIBRARY,
    needs: ['sockets.opens'],
    async run(session) {
      for (const garbage of ['no JSON', '{"type":"conformance_no_such_type"}', '{"id":"1","type":"subscribe"}']) {
        await using socket = await session.socket();
        socket.send(garbage);
        await expectClosed(socket, 4400, `on ${garbage}`);
      }
    },
  },
  {
    id: 'sockets.duplicate-id',
    level: 'MUST',
    title: { zh: '重复的订阅编号以 4409 关闭', en: 'an id that is in use closes with 4409' },
    why: 'Two streams under one id can’t be told apart.',
    pointer: POINTER,
    remedy: LIBRARY,
    needs: ['feed.subscribe-opens'],
    async run(session) {
      await using socket = await session.socket();
      socket.send(subscribe(session, 'twice'));
      socket.send(subscribe(session, 'twice'));
      await expectClosed(socket, 4409, 'on a repeated id');
    },
  },
  {
    id: 'sockets.complete',
    level: 'MUST',
    title: { zh: 'complete 即停止推送', en: 'complete stops one stream and leaves the others' },
    why: 'The gateway shares a connection between many streams, and leaves one when its last watcher has gone.',
    pointer: POINTER,
    remedy: LIBRARY,
    needs: ['feed.live'],
    async run(session) {
      const after = await session.pages.end();
      await using socket = await session.socket();
      const [left, kept] = [session.follow(socket, after, 'left'), session.follow(socket, after, 'kept')];
      const first = await session.receive();
      for (const stream of [left, kept]) await stream.until(({ caseNumber }) => caseNumber === first.number);
      left.complete();
      await socket.roundTrip();
      socket.drain(left.isMine);
      for (let count = 0; count < 2; count++) {
        const { number } = await session.receive();
        await kept.until(({ caseNumber }) => caseNumber === number);
        await socket.roundTrip();
      }
      const late = socket.drain(left.isMine).filter(({ type }) => type === 'next').length;
      expectThat(late === 0, 'events still came on a stream that was completed', { expected: 0, found: late });
    },
  },
  {
    id: 'sockets.id-again',
    level: 'MUST',
    title: { zh: '已结束的订阅编号可再次使用', en: 'an id can be used again once its stream is completed' },
    why: 'Clients number their streams as they like.',
    pointer: POINTER,
    remedy: LIBRARY,
    needs: ['sockets.complete'],
    async run(session) {
      await using socket = await session.socket();
      session.follow(socket, await session.pages.end(), 'again').complete();
      await socket.roundTrip();
      const stream = session.follow(socket, await session.pages.end(), 'again');
      const { number } = await session.receive();
      await stream.until(({ caseNumber }) => caseNumber === number);
    },
  },
  {
    id: 'sockets.error-message',
    level: 'MUST',
    title: {
      zh: '无法执行的订阅以 error 消息应答,连接保持',
      en: 'a subscription that can’t be run is answered with `error`, and the socket stays',
    },
    why: 'One wrong stream must not end the others on the connection.',
    pointer: POINTER,
    remedy: LIBRARY,
    needs: ['sockets.ping'],
    async run(session) {
      await using socket = await session.socket();
      socket.send({ type: 'subscribe', id: 'wrong', payload: { query: 'subscription { conformanceNoSuchField }' } });
      const { type, payload } = await socket.next(({ id }) => id === 'wrong', 'an answer to a subscription to an unknown field');
      expectThat(type === 'error', 'it was answered with another message', { expected: 'error', found: type });
      errorList(payload);
      await socket.roundTrip();
    },
  },
];
