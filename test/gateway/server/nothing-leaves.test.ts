import { glob, readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startProvince } from './small-province.js';
import { post, socketTo, startTestGateway } from './test-gateway.js';

// eslint-disable-next-line typescript/unbound-method -- it is given its socket when called
const connect = Socket.prototype.connect;
const targets: string[] = [];

beforeAll(() => {
  // every TCP client in Node, whatever is above it, ends here
  Socket.prototype.connect = function (this: Socket, ...args: any[]) {
    const options = Array.isArray(args[0]) ? args[0][0] : args[0];
    targets.push(typeof options === 'object' ? `${options.host ?? options.path}:${options.port}` : String(options));
    return (connect as any).apply(this, args);
  } as typeof connect;
  // what would switch reporting on
  vi.stubEnv('APOLLO_KEY', 'service:unified:none');
  vi.stubEnv('APOLLO_GRAPH_REF', 'unified@current');
  vi.stubEnv('APOLLO_SCHEMA_REPORTING', 'true');
  vi.stubEnv('APOLLO_TELEMETRY_DISABLED', '');
});
afterAll(() => {
  Socket.prototype.connect = connect;
  vi.unstubAllEnvs();
});

describe('the gateway', () => {
  test('connects to its subgraphs and to nothing else, at start and while it serves', async () => {
    await using province = await startProvince();
    const gateway = await startTestGateway(province.document());
    {
      await using client = socketTo(gateway);
      await post(gateway.url, { query: '{ cases { number handling item { name } } }' });
      await post(gateway.url, { query: '{ nothing }' });
      const events = client.iterate({ query: 'subscription { caseEvents { cursor } }' });
      const first = events.next();
      await expect.poll(() => province.feed.subscribers).toBe(1);
      province.feed.publish({ number: '1', departmentCode: 'drug', item: { code: 'i1' } });
      await first;
      await events.return?.();
    }
    expect(process.env['APOLLO_TELEMETRY_DISABLED']).toBe('true');
    await gateway[Symbol.asyncDispose]();
    const expected = [gateway.url, province.catalog.url, province.ledger.url, province.drug.url, province.transport.url];
    expect(new Set(targets)).toEqual(new Set(expected.map((url) => new URL(url).host)));
  });

  test('has no part of @apollo/gateway in it', async () => {
    let files = 0;
    for await (const file of glob('gateway/**/*.ts')) {
      files++;
      expect(await readFile(file, 'utf8'), file).not.toMatch(/from '@apollo\/gateway'|import\('@apollo\/gateway'\)/);
    }
    expect(files).toBeGreaterThan(20);
  });
});
