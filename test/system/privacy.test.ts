import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completeApplication, type OfferedItem, offeredItems, received, timelineUntil } from '../support/case-work.js';
import { eventually, Graph } from '../support/graph.js';
import { type OtlpReceiver, startOtlpReceiver } from '../support/otlp-receiver.js';
import { Topology } from '../support/processes.js';
import { REDIS_URL, redisAnswers, redisNote } from '../support/redis.js';

const ACCEPTANCE = new URL('../../dist/gateway/main/acceptance.js', import.meta.url).pathname;
const run = promisify(execFile);

let topology: Topology;
/** What all parts record of what they do goes there. */
let collector: OtlpReceiver;
let graph: Graph;
let item: OfferedItem;
const answers: string[] = [];
let number: string;
/** Every command that Redis was given, whoever gave it. */
const commands: string[] = [];
let redis: { disconnect(): void } | undefined;

/** What must be found nowhere but in the answers to those who may see it. */
const IDENTITY = {
  name: '诸葛演示亮',
  phone: '13912345678',
  writing: '演示机密内容七三一',
  file: 'secret-file-731',
  address: '演示路七十三号院',
};
/** What drug keeps of a form in columns of its own: facts of a product, which decisions publish. */
const ABOUT_PRODUCT = ['productName', 'dosageForm', 'specification', 'productionAddress'];
let identities: string[] = [];

beforeAll(async () => {
  if (redisAnswers) {
    const listening = await new Redis(REDIS_URL).monitor();
    listening.on('monitor', (_time: string, args: string[]) => commands.push(args.join(' ')));
    redis = listening;
  }
  collector = await startOtlpReceiver();
  topology = await Topology.start(['drug'], undefined, {
    LOG_LEVEL: 'debug',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    ...(redisAnswers && { REDIS_URL }),
  });
  graph = await Graph.open(() => topology.part('gateway').url, topology.directory);
  item = (await offeredItems(graph, ['drug'])).find(
    ({ departmentCode, guide }) =>
      departmentCode === 'drug' && guide.formFields.some(({ name, required }) => required && !ABOUT_PRODUCT.includes(name)),
  ) as OfferedItem;
}, 120_000);
afterAll(async () => {
  redis?.disconnect();
  await topology[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});

async function tell(role: string, query: string, variables: Record<string, unknown> = {}) {
  const answer = await graph.ask(role, query, variables);
  // what these are told must not have it either
  if (role !== 'window' && role !== 'applicant') answers.push(JSON.stringify(answer));
  return answer;
}

test('a case goes its way, with mistakes and refusals on it', async () => {
  const complete = completeApplication(item, 731);
  const input = {
    ...complete,
    applicant: { ...complete.applicant, name: IDENTITY.name, phone: IDENTITY.phone },
    form: complete.form.map((entry) => (ABOUT_PRODUCT.includes(entry.name) ? entry : { ...entry, value: IDENTITY.writing })),
    materials: complete.materials.map((material) => ({ ...material, url: `https://files.example/${IDENTITY.file}.pdf` })),
  };
  expect(input.form.some(({ value }) => value === IDENTITY.writing)).toBe(true);
  identities = [IDENTITY.name, IDENTITY.phone, IDENTITY.writing, input.applicant.idNumber, IDENTITY.file, IDENTITY.address];
  const submit = 'mutation ($input: SubmitApplicationInput!) { submitApplication(input: $input) { application { id } } }';
  // mistakes repeat what was given, if anything does: their answers are looked through whoever gets them
  for (const wrong of [
    { ...input, applicant: { ...input.applicant, idNumber: `${input.applicant.idNumber.slice(0, 17)}?` } },
    { ...input, applicant: { ...input.applicant, kind: IDENTITY.name } },
    { ...input, materials: [] },
    { ...input, itemCode: input.applicant.idNumber },
    { ...input, applicant: { ...input.applicant, name: 7 } },
  ]) {
    answers.push(JSON.stringify(await graph.ask('applicant', submit, { input: wrong })));
  }
  const id = await eventually(async () => {
    const { data, errors } = await graph.ask('applicant', submit, { input });
    if (errors?.some(({ extensions }) => String(extensions?.['code']).startsWith('UNKNOWN_')) === true) return undefined;
    return data?.['submitApplication'].application.id as string;
  }, 'the application is taken');
  const { acceptApplication } = await graph.data(
    'window',
    'mutation ($input: AcceptApplicationInput!) { acceptApplication(input: $input) { case { number } } }',
    {
      input: { applicationId: id },
    },
  );
  number = acceptApplication.case.number;
  await received(graph, number);
  await tell('department:drug', 'mutation ($n: ID!) { startStep(departmentCode: "drug", caseNumber: $n, stepCode: "none") { number } }', {
    n: number,
  });
  // officers write of people, too
  const officer = (move: string) =>
    graph.data(
      'department:drug',
      `mutation ($n: ID!, $s: ID!, $t: String!) { startStep(departmentCode: "drug", caseNumber: $n, stepCode: $s) { number } ${move} }`,
      {
        n: number,
        s: item.approvalFlow[0]?.code,
        t: `${IDENTITY.name}的${IDENTITY.writing},住${IDENTITY.address}`,
      },
    );
  await officer(`startSpecialProcedure(departmentCode: "drug", caseNumber: $n, kind: EXPERT_REVIEW, reason: $t) { number }
    finishSpecialProcedure(departmentCode: "drug", caseNumber: $n, kind: EXPERT_REVIEW) { number }
    finishStep(departmentCode: "drug", caseNumber: $n, stepCode: $s, opinion: $t) { number }
    extendLimit(departmentCode: "drug", caseNumber: $n, days: 1, reason: $t) { number }`);
  await timelineUntil(graph, number, 'EXTENDED');
  await tell('monitor', 'query ($n: String) { cases(filter: { applicantIdNumber: $n }) { nodes { number } } }', { n: identities[3] });
  // in the place of a case number; one that has the form of a code is taken for one
  for (const name of identities.filter((identity) => identity !== IDENTITY.file))
    await tell(
      'department:drug',
      'mutation ($n: ID!) { deliverResult(departmentCode: "drug", caseNumber: $n, channel: COURIER) { number } }',
      { n: name },
    );
}, 60_000);

test('a window reads it whole, a monitor masked', async () => {
  const query = 'query ($n: ID!) { case(number: $n) { applicant { name idNumber phone } form { value } } }';
  const whole = await graph.data('window', query, { n: number });
  expect(whole['case'].applicant).toEqual({ name: IDENTITY.name, idNumber: identities[3], phone: IDENTITY.phone });
  const masked = (await tell('monitor', query, { n: number })).data?.['case'];
  expect(masked.applicant).toEqual({ name: '诸*', idNumber: expect.stringMatching(/^4101\*{10}.{4}$/), phone: '139****5678' });
  expect(masked.form.every(({ value }: { value: unknown }) => value === null)).toBe(true);
});

test('it is decided, certified and delivered', async () => {
  const move = (name: string, rest = '', variables: Record<string, unknown> = {}, types = '') =>
    graph.data('department:drug', `mutation ($n: ID!${types}) { ${name}(departmentCode: "drug", caseNumber: $n${rest}) { number } }`, {
      n: number,
      ...variables,
    });
  for (const { code, kind } of item.approvalFlow.slice(1)) {
    if (['DECISION', 'CERTIFICATE', 'DELIVERY'].includes(kind)) continue;
    await move('startStep', ', stepCode: $s', { s: code }, ', $s: ID!');
    await move('finishStep', ', stepCode: $s, opinion: $t', { s: code, t: IDENTITY.writing }, ', $s: ID!, $t: String!');
  }
  const version = Math.max(...item.reviewRules.map((rule) => rule.version));
  await move('decide', ', outcome: APPROVED, reviewRuleVersion: $v', { v: version }, ', $v: Int!');
  await move('issueCertificate', ', electronic: true');
  await move('deliverResult', ', channel: ELECTRONIC');
  await timelineUntil(graph, number, 'DELIVERED');
}, 60_000);

test('the key changes while it runs; then the old one can be forgotten', async () => {
  const env = { ...process.env, DATA_DIR: topology.directory };
  const command = async (...args: string[]) => JSON.parse((await run(process.execPath, [ACCEPTANCE, ...args, '--json'], { env })).stdout);
  const before = await command('privacy', 'status');
  const [old] = Object.keys(before.acceptance);
  const { current } = await command('privacy', 'rotate');
  expect(current).not.toBe(old);
  await command('privacy', 'rekey');
  await eventually(async () => {
    const { acceptance, drug } = await command('privacy', 'status');
    return Object.keys(acceptance).join() === current && Object.keys(drug).join() === current ? true : undefined;
  }, 'everything is sealed with the new key');
  expect(await command('privacy', 'retire')).toEqual({ retired: [old] });
  const { data } = await graph.ask('window', 'query ($n: ID!) { case(number: $n) { applicant { name } } }', { n: number });
  expect(data?.['case'].applicant.name).toBe(IDENTITY.name);
  const audits = await command('audit', 'verify');
  expect(Object.values(audits).every(({ problems }: any) => problems.length === 0)).toBe(true);
  expect(audits.acceptance.records).toBeGreaterThan(3);
  expect(audits.gateway.records).toBeGreaterThan(3);
}, 60_000);

test('nothing that was written has any of it: logs, metrics, stores, feeds, answers of others', async () => {
  const written: [string, Buffer][] = answers.map((answer, index) => [`answer ${index}`, Buffer.from(answer)]);
  for (const [name, part] of topology.parts) written.push([`log of ${name}`, Buffer.from(part.log.join('\n'))]);
  written.push(['metrics', Buffer.from(await (await fetch(new URL('/metrics', topology.part('gateway').url))).arrayBuffer())]);
  for (const entry of await readdir(topology.directory, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile()) written.push([file, await readFile(file)]);
  }
  const recorded = [
    'gateway mutation',
    'acceptance Mutation.acceptApplication',
    'drug Mutation.receiveCase',
    'drug Mutation.deliverResult',
    'drug insert department_case',
  ];
  const spans = () => new Set(collector.spans.map(({ service, name }) => `${service} ${name}`));
  await expect.poll(() => recorded.filter((name) => !spans().has(name))).toEqual([]);
  // a case goes to its department in a trace of its own, which leads back to the request that accepted it
  const dispatched = collector.spans.find(({ name }) => name === 'dispatch case');
  const accepting = collector.spans.find(({ traceId, name }) => traceId === dispatched?.links[0]?.traceId && name.startsWith('Mutation.'));
  expect(accepting?.name).toBe('Mutation.acceptApplication');
  const receiving = collector.spans.find(({ name }) => name === 'Mutation.receiveCase');
  expect(receiving?.traceId).toBe(dispatched?.traceId);
  collector.bodies.forEach((body, index) => written.push([`spans ${index}`, Buffer.from(body)]));
  expect(written.filter(([name]) => name.endsWith('.db')).length).toBeGreaterThanOrEqual(8);
  const found = written.flatMap(([name, bytes]) =>
    identities.filter((identity) => bytes.includes(identity)).map((identity) => `${identity} in ${name}`),
  );
  expect(found).toEqual([]);
  // logs and spans name no token either, of clients or between the parts
  const tokens = await Promise.all(['applicant', 'window', 'department:drug', 'monitor'].map((role) => graph.token(role)));
  const lines = written.filter(([name]) => /^log of|\.log$|^span/.test(name));
  const leaked = lines.filter(([, bytes]) => /\beyJ[\w-]{10,}\./.test(bytes.toString()) || tokens.some((token) => bytes.includes(token)));
  expect(leaked.map(([name]) => name)).toEqual([]);
  // at debug level, where most is told
  expect(lines.some(([name, bytes]) => name.includes('gateway') && bytes.includes('"level":20'))).toBe(true);
  // the case itself is there: it was the right place to look
  expect(written.some(([name, bytes]) => /acceptance\.db(-wal)?$/.test(name) && bytes.includes(number))).toBe(true);
});

test.skipIf(!redisAnswers)(`nothing that went to Redis has any of it, or says who asked from where${redisNote}`, () => {
  // it was listened to: wake-ups of feeds, counts of rates
  expect(commands.some((command) => /publish/i.test(command))).toBe(true);
  expect(commands.some((command) => command.includes('acceptance:rate:'))).toBe(true);
  const rates = commands.filter((command) => command.includes('acceptance:rate:'));
  expect(rates.filter((command) => /127\.0\.0\.1|person|demo|::1/.test(command))).toEqual([]);
  expect(identities.filter((identity) => commands.some((command) => command.includes(identity)))).toEqual([]);
});

test('stores and keys are their owner’s alone', async () => {
  for (const entry of await readdir(topology.directory, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !(/\.db(-wal|-shm)?$/.test(file) || file.includes('/keys/')) || file.endsWith('.public.json')) continue;
    expect((await stat(file)).mode & 0o777, file).toBe(0o600);
  }
  expect((await stat(join(topology.directory, 'keys'))).mode & 0o777).toBe(0o700);
});
