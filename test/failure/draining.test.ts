import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Drain } from '../../subgraphs/kit/server/drain.js';
import { PartProcess } from '../support/processes.js';

const stack = new AsyncDisposableStack();
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'acceptance-draining-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
});
afterAll(() => stack.disposeAsync());

/** One connection, kept as long as the other side lets it. */
function connection(origin: string) {
  const agent = stack.adopt(new Agent({ keepAlive: true, maxSockets: 1 }), (one) => one.destroy());
  return (path: string) =>
    new Promise<{ status: number; headers: IncomingHttpHeaders; body: any }>((resolve, reject) => {
      get(`${origin}${path}`, { agent }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) }));
      }).on('error', reject);
    });
}

describe('a part that is told to stop', { timeout: 120_000 }, () => {
  test.each([
    ['subgraph', ['subgraph', 'registry'], '/health/live'],
    ['gateway', ['gateway'], '/health/live'],
  ])('a %s says so, answers on and sends its callers elsewhere, and is gone then', async (kind, args, path) => {
    const part = stack.use(
      await PartProcess.start(args, {
        DATA_DIR: join(directory, kind),
        DRAIN_DELAY_MS: '60000',
        GATEWAY_PORT: '0',
        ...(kind === 'gateway' && { REGISTRY_URL: 'http://127.0.0.1:9/graphql', GATEWAY_AUDIT: 'off' }),
      }),
    );
    const ask = connection(new URL(part.url).origin);
    const before = await ask('/health/ready');
    expect(before.body).toMatchObject({ draining: false });
    if (kind === 'subgraph') expect(before).toMatchObject({ status: 200, body: { ready: true, stores: { main: 'up' } } });
    expect(before.headers.connection).toBe('keep-alive');
    const gone = part.kill('SIGTERM');
    await expect.poll(async () => (await ask('/health/ready')).body).toMatchObject({ ready: false, draining: true });
    const { status, headers } = await ask(path);
    expect([status, headers.connection]).toEqual([200, 'close']);
    // whoever can't wait says it again
    await part.kill('SIGTERM');
    await gone;
  });
});

test('in the end no new connection is taken, and those there are get their answers', async () => {
  const app = Fastify();
  const drain = new Drain(1, 1_000);
  drain.watch(app);
  app.get('/', async () => 'answered');
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const agent = stack.adopt(new Agent({ keepAlive: true, maxSockets: 1 }), (one) => one.destroy());
  const ask = () =>
    new Promise<string | undefined>((resolve, reject) => {
      get(origin, { agent }, (response) => response.resume().once('end', () => resolve(response.headers.connection))).on('error', reject);
    });
  expect(await ask()).toBe('keep-alive');
  const drained = drain.begin(app.server);
  const refused = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => resolve(false)).on('error', () => resolve(true));
      socket.once('connect', () => socket.destroy());
    });
  await expect.poll(refused, { interval: 5 }).toBe(true);
  expect(await ask()).toBe('close');
  await drained;
  await app.close();
});
