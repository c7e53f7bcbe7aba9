import { feedEvents } from '../../../../../subgraphs/kit/feed/feed-tables.js';
import type { Caller } from '../../../../../subgraphs/kit/identity/caller.js';
import type { SubgraphEnvironment } from '../../../../../subgraphs/kit/server/subgraph-environment.js';
import type { Answer } from '../../../../support/environment.js';
import { APPLICANT, WINDOW, World } from '../world.js';

export const APPLICATION = `id state channel submittedAt deemedDueAt noticeCount contentVersion
  history { kind occurredAt }
  notices { ordinal anomaly complex late dueAt givenAt correctedAt items { materialCode formField label problem remedy onPaper } }
  refusal { reason explanation competentBody appeal }
  earlierVersions { ordinal materials { code contentHash } form { name value } }
  materials { code source contentHash } form { name value }
  case { number acceptedAt promisedDueAt }`;

const MUTATIONS = {
  giveNotice: 'GiveNoticeInput',
  correctApplication: 'CorrectApplicationInput',
  refuseAcceptance: 'RefuseAcceptanceInput',
  withdrawApplication: 'WithdrawApplicationInput',
} as const;
export type Handling = keyof typeof MUTATIONS;

/** Does something with an application, as `who`. */
export function handle(world: World, name: Handling, input: object, who: Caller = WINDOW): Promise<Answer> {
  return world.ask(who, `mutation($input: ${MUTATIONS[name]}!) { ${name}(input: $input) { application { ${APPLICATION} } } }`, { input });
}

/** Does something that must succeed, and gives the application as it is then. */
export async function handled(world: World, name: Handling, input: object, who: Caller = WINDOW): Promise<any> {
  const answer = await handle(world, name, input, who);
  if (answer.errors !== undefined) throw new Error(`${name} was refused: ${JSON.stringify(answer.errors)}`);
  return answer.data?.[name].application;
}

export async function readApplication(world: World, id: string, who: Caller = WINDOW): Promise<any> {
  const answer = await world.ask(who, `query($id: ID!) { application(id: $id) { ${APPLICATION} } }`, { id });
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return answer.data?.['application'];
}

/** Everything that can be seen to change when an application does. */
export async function everything(world: World, id: string): Promise<object> {
  const events = await world.acceptance.store.fork().find(feedEvents, {}, { orderBy: { position: 'asc' } });
  // a department receives a case when it does
  const told = events.filter(({ kind }) => kind !== 'RECEIVED');
  return { application: await readApplication(world, id), events: told.map(({ kind, subject }) => `${kind} ${subject}`) };
}

export const codeOf = (answer: Answer): string | undefined => answer.errors?.[0]?.extensions?.['code'];

let last = 0;
export const requestId = (): string => `request-${++last}`;

export const ITEMS = [
  { materialCode: 'form', problem: '未加盖公章', remedy: '加盖公章后重新上传' },
  { formField: 'area', problem: '面积与平面图不一致', remedy: '按平面图填写' },
];

export const CORRECTION = {
  materials: [{ code: 'form', source: 'ELECTRONIC', contentHash: 'sha256:new' }],
  form: [{ name: 'area', value: '160' }],
};

export const notice = (applicationId: string, change: object = {}) => ({
  clientRequestId: requestId(),
  applicationId,
  items: ITEMS,
  complex: false,
  ...change,
});

export const correction = (applicationId: string, change: object = {}) => ({
  clientRequestId: requestId(),
  applicationId,
  ...CORRECTION,
  ...change,
});

export const refusal = (applicationId: string, change: object = {}) => ({
  applicationId,
  reason: 'NOT_COMPETENT',
  explanation: '该事项由省辖市办理',
  competentBody: '郑州市演示局',
  ...change,
});

/** A ledger with one department, and a clock that the test sets. */
export async function openHandling(storeUrl: string, now: string, more: Partial<SubgraphEnvironment> = {}) {
  const time = { now: new Date(now) };
  const world = await World.open(storeUrl, { clock: () => time.now, ...more });
  await world.start();
  const drug = await world.department('drug');
  await world.known('drug');
  return { world, time, drug, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

export { APPLICANT, WINDOW };
