import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunningGateway } from '../../../gateway/server/start-gateway.js';
import { Generations } from '../../../gateway/supergraph/generations.js';
import { type Province, startProvince } from '../server/small-province.js';
import { type HandedSource, post, silent, socketTo, startTestGateway } from '../server/test-gateway.js';

let stack: AsyncDisposableStack;
let province: Province;
let gateway: RunningGateway & { source: HandedSource };
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  province = stack.use(await startProvince());
  gateway = stack.use(await startTestGateway(province.document()));
});
afterEach(() => stack.disposeAsync());

const ready = async () => (await fetch(`${gateway.origin}/health/ready`)).json() as Promise<any>;
const TWO_STEPS = { query: '{ cases { number item { name } } }' };
const WHOLE = {
  cases: [
    { number: '1', item: { name: '药品经营许可' } },
    { number: '2', item: { name: '道路运输许可' } },
  ],
};

describe('a generation that requests still run on', () => {
  test('is found by its schema and keeps its addresses until the last of them is done', async () => {
    const retired: ReadonlySet<string>[] = [];
    const generations = new Generations({ logger: silent, onRetire: (urls) => void retired.push(urls) });
    const { sdl, departments } = province.document();
    const offer = async (version: string, text: string) => {
      expect(await generations.offer({ version, sdl: text, departments }, 'file')).toBeUndefined();
      return generations.current?.generation;
    };
    const first = await offer('1', sdl);
    const lease = generations.lease(first!.apiSchema);
    await offer('2', sdl.replace(province.catalog.url, 'http://127.0.0.1:1/graphql'));
    expect(retired.at(-1)).toContain(province.catalog.url);
    // a request that was checked before the swap and runs after it
    const late = generations.lease(first!.apiSchema);
    expect(late.serving.generation).toBe(first);
    lease[Symbol.dispose]();
    expect(retired.at(-1)).toContain(province.catalog.url);
    late[Symbol.dispose]();
    expect(retired.at(-1)).not.toContain(province.catalog.url);
    expect(retired.at(-1)).toContain(province.ledger.url);
  });
});

describe('a new supergraph', () => {
  test('serves the next request; one under way finishes on the one it began with', async () => {
    let open!: () => void;
    province.ledger.gate = new Promise((resolve) => {
      open = resolve;
    });
    const underWay = post(gateway.url, TWO_STEPS);
    await expect.poll(() => province.ledger.seen).toHaveLength(1);
    // in the next generation the catalogue is somewhere else, and nobody is there
    const { sdl, departments } = province.document();
    const moved = sdl.replace(province.catalog.url, 'http://127.0.0.1:1/graphql');
    expect(await gateway.source.offer({ version: '2', sdl: moved, departments }, 'registry')).toBeUndefined();
    expect((await ready()).generation).toMatchObject({ version: '2', source: 'registry' });
    open();
    expect((await underWay).data).toEqual(WHOLE);
    const next = await post(gateway.url, { query: '{ item(code: "i1") { name } }' });
    expect(next.errors?.[0]?.extensions['code']).toBe('SUBGRAPH_UNAVAILABLE');
  });

  test('changes what is valid at once, over HTTP and sockets', async () => {
    const { sdl, departments } = province.document();
    const before = { query: '{ desk(departmentCode: "drug") }' };
    expect((await post(gateway.url, before)).data).toEqual({ desk: 'drug desk' });
    const without = sdl.replace(/^ *desk\(.*$/m, '');
    expect(without).not.toBe(sdl);
    expect(await gateway.source.offer({ version: '2', sdl: without, departments }, 'registry')).toBeUndefined();
    expect((await post(gateway.url, before)).errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    await using client = socketTo(gateway);
    const answer = await client.iterate(before).next();
    expect(answer.value.errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test.for([
    ['that is no GraphQL', 'type {'],
    ['that is no supergraph', 'type Query { a: Int }'],
    ['that is empty', ''],
  ] as const)('%s is refused, and the old one serves on', async ([, sdl]) => {
    const problem = await gateway.source.offer({ version: '2', sdl, departments: [] }, 'registry');
    expect(problem).toBeInstanceOf(Error);
    expect((await post(gateway.url, TWO_STEPS)).data).toEqual(WHOLE);
    expect(await ready()).toMatchObject({ ready: true, generation: { version: '1', source: 'file' } });
  });

  test('can move a department without a restart', async () => {
    const { sdl, departments } = province.document();
    const swapped = departments.map((route) => ({ ...route, url: route.code === 'drug' ? province.transport.url : route.url }));
    await gateway.source.offer({ version: '2', sdl, departments: swapped }, 'registry');
    expect((await post(gateway.url, { query: '{ desk(departmentCode: "drug") }' })).data).toEqual({ desk: 'transport desk' });
  });
});
