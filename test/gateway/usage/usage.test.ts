import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, parse } from 'graphql';
import { describe, expect, test, vi } from 'vitest';
import { clientNameOf } from '../../../gateway/usage/client-name.js';
import { operationCoordinates } from '../../../gateway/usage/operation-coordinates.js';
import { operationSignature } from '../../../gateway/usage/operation-signature.js';
import { UsageCounter } from '../../../gateway/usage/usage-counter.js';
import { UsageReporter } from '../../../gateway/usage/usage-reporter.js';
import { CASES, startProvince } from '../server/small-province.js';
import { post, silent, socketTo, startTestGateway } from '../server/test-gateway.js';

const SCHEMA = buildSchema(/* GraphQL */ `
  type Query { cases(first: Int, filter: Filter): [Case!]!  node: Node }
  input Filter { state: State  nested: Nested }
  input Nested { from: Int  until: Int }
  enum State { OPEN CLOSED }
  interface Node { id: ID! }
  type Case implements Node { id: ID!  state: State!  owner: Owner }
  type Owner { name: String! }
`);
const coordinates = (text: string) => operationCoordinates(parse(text), SCHEMA);

describe('what an operation touches', () => {
  test('is its fields, arguments and types, without introspection', () => {
    expect(coordinates('{ __typename cases(first: 1) { state __typename } }')).toEqual([
      'Case',
      'Case.state',
      'Int',
      'Query',
      'Query.cases',
      'Query.cases.first',
      'State',
    ]);
  });

  test('includes fields of inputs that are written out', () => {
    const touched = coordinates('{ cases(filter: { nested: { from: 1 } }) { id } }');
    expect(touched).toEqual(expect.arrayContaining(['Filter', 'Filter.nested', 'Nested.from', 'Query.cases.filter']));
    expect(touched).not.toContain('Nested.until');
  });

  test('includes every field of a variable’s input type, as any may come', () => {
    expect(coordinates('query($filter: Filter) { cases(filter: $filter) { id } }')).toEqual(
      expect.arrayContaining(['Filter.state', 'Filter.nested', 'Nested.from', 'Nested.until', 'State']),
    );
  });

  test('includes the field of every type behind an interface, and what fragments select', () => {
    const touched = coordinates('{ node { id ...F } } fragment F on Case { owner { name } }');
    expect(touched).toEqual(expect.arrayContaining(['Node.id', 'Case.id', 'Case.owner', 'Owner.name']));
  });
});

describe('an operation as it is reported', () => {
  test('has no literals, and is the same whatever they were', () => {
    const one = operationSignature(parse('query A { cases(first: 5) { id } } query B { node { id } }'), 'A');
    const two = operationSignature(parse('query A { cases(first: 9)   { id } }'), undefined);
    expect(one).toEqual(two);
    const secret = operationSignature(parse('{ a(id: "410101199001011234", in: { b: ["x"], c: 1.5 }) }'), undefined);
    expect(secret.text).not.toMatch(/4101|x|1\.5/);
    expect(operationSignature(parse('{ a }'), undefined).hash).not.toBe(operationSignature(parse('{ b }'), undefined).hash);
  });
});

describe('a client’s name', () => {
  test('comes from either header or from connection_init; what is unfit counts as none', () => {
    expect(clientNameOf({ 'apollographql-client-name': '豫事办 App' })).toBe('豫事办 App');
    expect(clientNameOf({ 'graphql-client-name': 'window-desk' })).toBe('window-desk');
    expect(clientNameOf({}, { clientName: 'monitor' })).toBe('monitor');
    for (const name of ['x'.repeat(65), 'a\nb', '<b>', '']) expect(clientNameOf({ 'graphql-client-name': name })).toBe('unnamed');
  });
});

describe('the counter', () => {
  test('tells operations and clients apart, and begins anew after each report', () => {
    const counter = new UsageCounter();
    const document = parse('query Open { cases { id } }');
    for (const client of ['app', 'app', 'desk']) counter.count(document, undefined, SCHEMA, client);
    const counted = counter.take();
    expect(counted.map(({ name, client, count }) => [name, client, count])).toEqual([
      ['Open', 'app', 2],
      ['Open', 'desk', 1],
    ]);
    expect(counted[0]?.coordinates).toContain('Query.cases');
    expect(counter.take()).toEqual([]);
  });

  test('misses no use of a member when there are too many operations to tell apart', () => {
    const counter = new UsageCounter();
    const document = parse('{ cases { id } }');
    for (let n = 0; n < 1_500; n++) counter.count(document, undefined, SCHEMA, `client ${n}`);
    counter.count(parse('{ cases { owner { name } } }'), undefined, SCHEMA, 'late');
    const counted = counter.take();
    expect(counted.length).toBeLessThanOrEqual(1_001);
    expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(1_501);
    expect(counted.flatMap((one) => one.coordinates)).toContain('Owner.name');
  });
});

describe('a gateway', () => {
  test('counts what is run, by client, and reports it; a report that is lost costs nothing else', async () => {
    await using province = await startProvince();
    const usage = new UsageCounter();
    await using gateway = await startTestGateway(province.document(), { usage });
    const reports: any[] = [];
    let down = true;
    const registry = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => void (body += chunk.toString()));
      request.on('end', () => {
        if (down) {
          request.socket.destroy();
          return;
        }
        reports.push(JSON.parse(body).variables.operations);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"reportUsage":{"taken":1}}}');
      });
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/graphql`;
    {
      await using reporter = new UsageReporter({ url, counter: usage, logger: silent, intervalMs: 3_600_000 });
      const ask = (query: string) => post(gateway.url, { query }, { 'apollographql-client-name': 'app' });
      await ask('query Lost { items { code } }');
      await reporter.report();
      down = false;
      expect((await ask('query Items { items { code } }')).errors).toBeUndefined();
      expect((await ask('query Wrong { nothing }')).errors).toBeDefined();
      await post(gateway.url, { query: 'query Items { items { code } }' });
    }
    registry.closeAllConnections();
    registry.close();
    const told = reports.flat();
    expect(told.map(({ name, client, count }) => [name, client, count])).toEqual([
      ['Items', 'app', 1],
      ['Items', 'unnamed', 1],
    ]);
    expect(told[0].coordinates).toEqual(['ID', 'Item', 'Item.code', 'Query', 'Query.items']);
  });

  test('counts clients by name over sockets and streams as well', async () => {
    await using province = await startProvince();
    const usage = new UsageCounter();
    await using gateway = await startTestGateway(province.document(), { usage });
    await using socket = socketTo(gateway, { clientName: 'monitor' });
    await socket.iterate({ query: 'query Socket { items { code } }' }).next();
    const live = socket.iterate({ query: 'subscription Live { caseEvents { cursor } }' });
    const first = live.next();
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.feed.publish(CASES[0] as (typeof CASES)[0]);
    await first;
    const stream = { 'content-type': 'application/json', accept: 'text/event-stream', 'graphql-client-name': 'board' };
    const body = JSON.stringify({ query: 'query Stream { items { code } }' });
    await (await fetch(gateway.url, { method: 'POST', headers: stream, body })).text();
    expect(new Map(usage.take().map(({ name, client }) => [name, client]))).toEqual(
      new Map([
        ['Socket', 'monitor'],
        ['Live', 'monitor'],
        ['Stream', 'board'],
      ]),
    );
  });

  test('whose registry hangs makes no queue of reports, and gives up a report with its first message', async () => {
    let messages = 0;
    const registry = createServer((request) => {
      messages++;
      request.resume();
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/graphql`;
    const counter = new UsageCounter();
    const fill = () => {
      for (let n = 0; n < 500; n++) counter.count(parse('{ cases { id } }'), undefined, SCHEMA, `client ${n}`);
    };
    const taken = vi.spyOn(counter, 'take');
    fill();
    const reporter = new UsageReporter({ url, counter, logger: silent, intervalMs: 5, timeoutMs: 300 });
    await expect.poll(() => messages).toBe(1);
    fill();
    await expect.poll(() => messages, { interval: 5 }).toBe(2);
    expect(taken).toHaveBeenCalledTimes(2);
    const ended = reporter[Symbol.asyncDispose]();
    registry.closeAllConnections();
    registry.close();
    await ended;
  });

  test('plans what is asked most before a new generation takes over', async () => {
    await using province = await startProvince();
    await using gateway = await startTestGateway(province.document());
    const seen = () => post(gateway.url, { query: 'query Warm($on: Boolean = true) { items { code name @include(if: $on) } }' });
    await seen();
    const { generation } = await import('../../../gateway/supergraph/generation.js').then(({ Generation }) => ({
      generation: Generation.build(province.document('2')),
    }));
    const requests = [
      { document: parse('{ items { code } }'), variables: {} },
      { document: parse('{ gone }'), variables: {} },
      { document: parse('query ($on: Boolean = true) { items { code @include(if: $on) } }'), variables: { on: true } },
    ];
    expect(await generation.warm(requests, 5_000)).toBe(2);
    expect(generation.cachedPlans).toBe(2);
    expect(generation.mostUsed(1)).toHaveLength(1);
    expect(await gateway.source.offer(province.document('2'), 'registry')).toBeUndefined();
    expect((await seen()).errors).toBeUndefined();
  });
});
