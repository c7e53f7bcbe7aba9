import { type AskedAs, OTHER_DEPARTMENT } from '../callers.js';
import type { Check } from '../check.js';
import { CASE_EVENT_PAGE, DEPARTMENT_ITEMS, RECEIVE_CASE } from '../client/documents.js';
import { jsonObject } from '../client/graphql-answer.js';
import { TransportSocket } from '../client/transport-socket.js';
import type { Session } from '../session.js';
import { tamperedToken, unsignedToken } from '../synthetic/forged-tokens.js';
import { move, mutationOf } from '../synthetic/moves.js';
import { testInput } from '../synthetic/test-case.js';
import { expectThat, NotApplicable } from '../unmet.js';

const POINTER = 'schema/conformance/README.md#tokens';
const VERIFY =
  'Verify signature, issuer, audience (your code) and expiry of the internal token before anything is run, and answer errors alone.';
const GARBAGE = 'Bearer conformance.no.token';

type Forge = (session: Session) => Promise<string | undefined>;

async function expired({ options, code }: Session): Promise<string> {
  if (options.expiredAuthorization === undefined) throw new NotApplicable('no expired token was given to the suite');
  return options.expiredAuthorization(code, { subject: 'platform:conformance', roles: ['platform'], requestId: 'conformance' });
}

/** @throws Unmet when a request with this header brings any data */
async function refusedOverHttp(session: Session, authorization: string | undefined): Promise<void> {
  const requests = [
    { query: DEPARTMENT_ITEMS, variables: { departmentCode: session.code } },
    { query: CASE_EVENT_PAGE, variables: { departmentCode: session.code, after: null, first: 1 } },
    { query: '{ _service { sdl } }' },
  ];
  for (const request of requests) {
    const { data } = jsonObject(await session.post(JSON.stringify(request), authorization)) as { data?: Record<string, unknown> | null };
    const answered = Object.entries(data ?? {}).find(([, value]) => value != null)?.[0];
    expectThat(answered === undefined, 'it was answered', { expected: 'errors alone', found: `data.${answered}` });
  }
}

/** @throws Unmet unless the socket is closed with 4403 and never acknowledged */
async function refusedOnSocket(session: Session, authorization: string | undefined): Promise<void> {
  await using socket = await TransportSocket.open(session.subscriptionUrl, session.timeoutMs);
  socket.send({ type: 'connection_init', ...(authorization !== undefined && { payload: { authorization } }) });
  const acknowledged = await socket
    .next(({ type }) => type === 'connection_ack', 'an acknowledgement')
    .then(
      () => true,
      () => false,
    );
  expectThat(!acknowledged, 'the connection was acknowledged', { expected: 'closed with 4403', found: 'connection_ack' });
  const code = await socket.closed();
  expectThat(code === 4403, 'the connection was closed with another code', { expected: 4403, found: code });
}

const HTTP_FORGERIES: readonly { id: string; zh: string; en: string; smoke: boolean; forge: Forge }[] = [
  { id: 'none', zh: '无令牌', en: 'without a token', smoke: true, forge: async () => undefined },
  { id: 'garbage', zh: '乱码令牌', en: 'with garbage for a token', smoke: true, forge: async () => GARBAGE },
  { id: 'tampered', zh: '被篡改的令牌', en: 'with a token that was tampered with', smoke: true, forge: tamperedToken },
  { id: 'unsigned', zh: '未签名的令牌', en: 'with an unsigned token', smoke: true, forge: unsignedToken },
  {
    id: 'other-audience',
    zh: '发给其他部门的令牌',
    en: 'with a token for another department',
    smoke: true,
    forge: (session) => session.authorization('platform', OTHER_DEPARTMENT),
  },
  { id: 'expired', zh: '过期的令牌', en: 'with an expired token', smoke: true, forge: expired },
];

/** @throws Unmet when one of these callers is let through */
async function refusedFor(
  session: Session,
  callers: readonly AskedAs[],
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (const as of callers) await session.refused(query, variables, as);
}

export const TOKEN_CHECKS: readonly Check[] = [
  ...HTTP_FORGERIES.map(
    ({ id, zh, en, smoke, forge }): Check => ({
      id: `tokens.${id}`,
      level: 'MUST',
      title: { zh: `HTTP 请求:${zh}被拒绝且不返回数据`, en: `a request ${en} is refused, and brings no data` },
      why: 'Departments answer the gateway and the platform only; the gateway is where rights are checked.',
      pointer: POINTER,
      remedy: VERIFY,
      smoke,
      needs: ['sdl.service'],
      run: async (session) => refusedOverHttp(session, await forge(session)),
    }),
  ),
  {
    id: 'tokens.socket',
    level: 'MUST',
    title: { zh: '连接:无效令牌以 4403 关闭', en: 'a socket without a valid token is closed with 4403' },
    why: 'A feed names every case of the department.',
    pointer: POINTER,
    remedy: 'Verify `authorization` of connection_init as you do the HTTP header, before the acknowledgement.',
    smoke: true,
    needs: ['sockets.opens'],
    async run(session) {
      const otherAudience = await session.authorization('platform', OTHER_DEPARTMENT);
      for (const authorization of [undefined, GARBAGE, await tamperedToken(session), otherAudience])
        await refusedOnSocket(session, authorization);
    },
  },
  {
    id: 'tokens.receive-needs-platform',
    level: 'MUST',
    title: { zh: '仅平台可推送办件', en: 'cases are received from the platform only' },
    why: 'A case from anyone else has no acceptance (Art. 37).',
    pointer: 'Mutation.receiveCase',
    remedy: 'Refuse callers without the role `platform` with FORBIDDEN.',
    needs: ['receive.accepts'],
    async run(session) {
      const { declared } = await session.testItem();
      for (const as of ['officer', 'nobody'] as const)
        await session.refused(RECEIVE_CASE, { departmentCode: session.code, input: testInput(session, declared) }, as);
    },
  },
  {
    id: 'tokens.feed-needs-platform',
    level: 'MUST',
    title: { zh: '仅平台可读取事件流与申报事项', en: 'the feed and the declared items are for the platform only' },
    why: 'Others see cases through the gateway, which knows what they may see.',
    pointer: 'Query.caseEventPage',
    remedy: 'Refuse callers without the role `platform` with FORBIDDEN.',
    smoke: true,
    needs: ['feed.page-opens'],
    async run(session) {
      const others = ['officer', 'nobody'] as const;
      await refusedFor(session, others, CASE_EVENT_PAGE, { departmentCode: session.code, after: null, first: 1 });
      await refusedFor(session, others, DEPARTMENT_ITEMS, { departmentCode: session.code });
    },
  },
  {
    id: 'tokens.moves-need-officer',
    level: 'MUST',
    title: { zh: '仅本部门工作人员可办理', en: 'cases are moved by the department’s own officers only' },
    why: 'A department answers for its own decisions.',
    pointer: 'Mutation.startStep',
    remedy: 'Refuse callers without the role `department:<your code>` with FORBIDDEN.',
    needs: ['moves.life'],
    async run(session) {
      const { number } = await session.receive();
      const { name, arguments: args } = move('startStep', { stepCode: (await session.testItem()).reviews[0]?.code ?? '' });
      const variables = { ...args, departmentCode: session.code, caseNumber: number };
      await refusedFor(session, ['platform', 'nobody', 'officer of another department'], mutationOf(name), variables);
    },
  },
];
