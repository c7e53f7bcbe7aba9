import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../../gateway/observability/logger.js';
import type { SupergraphDocument } from '../../../schema/composition/supergraph-document.js';
import { AUDIT_STORE } from '../../../subgraphs/kit/audit/audit-store.js';
import { type RunningSubgraph, serveSubgraph } from '../../../subgraphs/kit/server/serve-subgraph.js';
import { openStore } from '../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../subgraphs/kit/store/store-address.js';
import { openTraces, type TraceSettings } from '../../../subgraphs/kit/traces/traces.js';
import { freePorts } from '../../support/free-ports.js';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../../support/otlp-receiver.js';
import { post, startTestGateway } from '../server/test-gateway.js';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])`;
const LEDGER = `${LINK}
  type Query { cases(of: String): [Case!]!  broken: String }
  type Case @key(fields: "number departmentCode") { number: ID!  departmentCode: ID! }`;
const DEPARTMENTS = `${LINK}
  extend schema
    @link(url: "https://acceptance.gov/partition/v1.0", import: ["@partition"])
    @composeDirective(name: "@partition")
  directive @partition(by: String!) on OBJECT | FIELD_DEFINITION
  type Query { desk(departmentCode: ID!): String @partition(by: "departmentCode") }
  type Case @key(fields: "number departmentCode") @partition(by: "departmentCode") { number: ID!  departmentCode: ID!  handling: String }`;

const CASES = [
  { number: '1', departmentCode: 'drug' },
  { number: '2', departmentCode: 'transport' },
];
const QUERY = 'query Mine($of: String) { cases(of: $of) { number handling } }';
const SECRET = '410101199003071234';

let stack: AsyncDisposableStack;
let collector: OtlpReceiver;
let lines: string[];
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  collector = stack.use(await startOtlpReceiver());
  lines = [];
});
afterEach(() => stack.disposeAsync());

/** A ledger, two departments and a gateway, all built with what they are built with in earnest. */
async function start(traces: TraceSettings | undefined) {
  const parts = stack.use(new AsyncDisposableStack());
  const log = createLogger('debug', { write: (line) => void lines.push(line) });
  const serve = async (name: string, sdl: string, resolvers: object): Promise<RunningSubgraph> => {
    const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
    const caller = { subject: 'gateway', roles: ['platform'], requestId: 'unknown' };
    const verifier = { verify: async () => caller, publicKeys: [] as never };
    return parts.use(await serveSubgraph({ name, schema, context: () => ({}), verifier, log: log.child({ subgraph: name }), traces }));
  };
  const read = async (name: string) => {
    const store = parts.use(await openStore(storeAddress('memory:', name), AUDIT_STORE));
    return async () => void (await store.fork().execute(`select 7 as n, '${SECRET}' as s from audit_head where name = ?`, ['main']));
  };
  const ledgerStore = await read('ledger');
  const ledger = await serve('ledger', LEDGER, {
    Query: {
      cases: () => ledgerStore().then(() => CASES),
      broken: () => {
        throw new Error(`no shelf for ${SECRET}`);
      },
    },
  });
  const departments = await Promise.all(
    ['drug', 'transport'].map(async (code) => {
      const store = await read(code);
      const handling = ({ number }: { number: string }) => store().then(() => `${code} handles ${number}`);
      return serve(code, DEPARTMENTS, { Case: { __resolveReference: (reference: object) => reference, handling } });
    }),
  );
  const { supergraphSdl: sdl = '' } = composeServices([
    { name: 'ledger', url: ledger.url, typeDefs: parse(LEDGER) },
    { name: 'departments', url: 'http://departments.acceptance.internal/graphql', typeDefs: parse(DEPARTMENTS) },
  ]);
  const document: SupergraphDocument = {
    version: '1',
    sdl,
    departments: departments.map(({ name, url, subscriptionUrl }) => ({ code: name, url, subscriptionUrl, extension: false })),
  };
  const gateway = parts.use(await startTestGateway(document, { logger: log, traces }));
  return { gateway, departments, stop: () => parts.disposeAsync() };
}

const tree = (spans: readonly ReceivedSpan[], above: string | undefined): string[] =>
  spans
    .filter(({ parentSpanId }) => (parentSpanId || undefined) === above)
    .flatMap(({ service, name, spanId, attributes }) => {
      const whom = attributes['acceptance.department'] ?? attributes['acceptance.subgraph'];
      return [`${service}: ${name}${typeof whom === 'string' ? ` ${whom}` : ''}`, ...tree(spans, spanId).map((line) => `  ${line}`)];
    });

describe('a query through a gateway and two departments', () => {
  test('is one tree, down to the stores, and has nothing in it that was asked for or stored', async () => {
    const { gateway, stop } = await start({ endpoint: collector.url, ratio: 1 });
    const { data } = await post(
      gateway.url,
      { query: QUERY, variables: { of: SECRET } },
      { 'x-request-id': 'r-9', 'apollographql-client-name': 'portal', authorization: `Bearer ${SECRET}` },
    );
    expect(data.cases).toHaveLength(2);
    await stop();
    const { spans, bodies } = collector;
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    const [root] = spans.filter(({ parentSpanId }) => !parentSpanId);
    expect(root?.name).toBe('POST /graphql');
    const department = (code: string) => [`    gateway: POST ${code}`, `      ${code}: POST /graphql`, `        ${code}: Query._entities`];
    const found = tree(spans, undefined);
    expect(found.slice(0, 5)).toEqual([
      'gateway: POST /graphql',
      '  gateway: query',
      '    gateway: graphql.parse',
      '    gateway: graphql.validate',
      '    gateway: graphql.plan',
    ]);
    expect(found).toEqual(expect.arrayContaining([...department('drug'), ...department('transport'), '        ledger: Query.cases']));
    for (const code of ['drug', 'transport', 'ledger'])
      expect(found.filter((line) => line.includes(`${code}: select audit_head`))).toHaveLength(1);
    const query = spans.find(({ name }) => name === 'query');
    expect(query?.attributes).toEqual({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Mine',
      'acceptance.client.name': 'portal',
    });
    const fetched = spans.find(({ attributes }) => attributes['acceptance.department'] === 'drug');
    expect(fetched?.attributes).toMatchObject({ 'http.response.status_code': 200, 'acceptance.fetch.outcome': 'ok' });
    const statement = spans.find(({ name }) => name === 'select audit_head');
    expect(statement?.attributes).toMatchObject({
      'db.system.name': 'sqlite',
      'db.query.text': 'select ? as n, ? as s from audit_head where name = ?',
    });
    expect(bodies.join('')).not.toContain(SECRET);
  });

  test('goes on with the trace that it came with, and is recorded or not as that says', async () => {
    const { gateway, stop } = await start({ endpoint: collector.url, ratio: 1 });
    const trace = (last: string, flags: string) => `00-${'a'.repeat(31)}${last}-${'b'.repeat(16)}-${flags}`;
    await post(gateway.url, { query: QUERY }, { traceparent: trace('1', '01') });
    await post(gateway.url, { query: QUERY }, { traceparent: trace('2', '00') });
    await stop();
    expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(new Set([`${'a'.repeat(31)}1`]));
    expect(collector.spans.find(({ name, service }) => service === 'gateway' && name === 'POST /graphql')?.parentSpanId).toBe(
      'b'.repeat(16),
    );
  });

  test('that fails says with which codes, and no messages', async () => {
    const { gateway, departments, stop } = await start({ endpoint: collector.url, ratio: 1 });
    await departments[0]?.[Symbol.asyncDispose]();
    await post(gateway.url, { query: '{ broken cases { handling } }' });
    await stop();
    const { spans, bodies } = collector;
    const gone = spans.find(({ attributes }) => attributes['acceptance.department'] === 'drug');
    expect(gone).toMatchObject({ attributes: { 'error.type': 'failed', 'http.request.resend_count': 1 }, status: { code: 2 } });
    expect(spans.find(({ name }) => name === 'Query.broken')?.attributes).toEqual({ 'error.type': 'INTERNAL_SERVER_ERROR' });
    expect(bodies.join('')).not.toContain(SECRET);
  });

  test('of which none is to be recorded leaves no span', async () => {
    const { gateway, stop } = await start({ endpoint: collector.url, ratio: 0 });
    await post(gateway.url, { query: QUERY });
    await stop();
    expect(collector.spans).toEqual([]);
  });

  test('is found in all logs under one trace and request id, also while nothing is recorded', async () => {
    const { gateway } = await start(undefined);
    const traceId = 'c'.repeat(32);
    await post(gateway.url, { query: '{ broken }' }, { 'x-request-id': 'r-5', traceparent: `00-${traceId}-${'d'.repeat(16)}-00` });
    await expect.poll(() => lines.some((line) => line.includes('"answered"'))).toBe(true);
    const told = lines.map((line) => JSON.parse(line)).filter(({ requestId }) => requestId === 'r-5');
    expect(told.map(({ subgraph = 'gateway', msg }) => `${subgraph}: ${msg}`).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'gateway: answered',
      'ledger: unexpected error',
    ]);
    for (const line of told) expect(line.trace_id).toBe(traceId);
    await post(gateway.url, { query: '{ broken }' }, { 'x-request-id': 'r-6' });
    await expect.poll(() => lines.filter((line) => line.includes('"answered"'))).toHaveLength(2);
    const madeUp = lines.map((line) => JSON.parse(line)).filter(({ requestId }) => requestId === 'r-6');
    expect(madeUp).toHaveLength(2);
    expect(new Set(madeUp.map(({ trace_id }) => trace_id)).size).toBe(1);
    expect(madeUp[0].trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(collector.bodies).toEqual([]);
  });
});

test('a collector that is down costs no request, and a stop no more than a moment', async () => {
  const [port] = await freePorts(1);
  const { gateway, stop } = await start({ endpoint: `http://127.0.0.1:${port}`, ratio: 1 });
  const answers = await Promise.all(Array.from({ length: 40 }, () => post(gateway.url, { query: QUERY })));
  expect(answers.filter(({ errors }) => errors !== undefined)).toEqual([]);
  const began = performance.now();
  await stop();
  expect(performance.now() - began).toBeLessThan(15_000);
});

test('spans that nobody takes are dropped, and do not pile up', async () => {
  const [port = 0] = await freePorts(1);
  const traces = await openTraces({ endpoint: `http://127.0.0.1:${port}`, ratio: 1 }, 'gateway');
  for (let n = 0; n < 10_000; n++) traces.begin('one').end();
  const late = stack.use(await startOtlpReceiver(port));
  await traces[Symbol.asyncDispose]();
  expect(late.spans.length).toBeLessThanOrEqual(2_048 + 512);
});
