import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { NginxProcess, nginxInstalled } from '../support/nginx-process.js';

/** Stands for a gateway or a ledger: tells what came, and answers as it is told. */
class Upstream implements AsyncDisposable {
  readonly came: IncomingMessage[] = [];
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end(this.name);
  readonly sockets = new WebSocketServer({ noServer: true });
  readonly server = createServer((incoming, response) => {
    this.came.push(incoming);
    this.answer(incoming, response);
  }).on('upgrade', (incoming, socket, head) => {
    this.sockets.handleUpgrade(incoming, socket, head, (client) =>
      client.on('message', (data: Buffer) => client.send(`${this.name} ${data.toString()}`)),
    );
  });

  private constructor(readonly name: string) {}

  static async start(name: string): Promise<Upstream> {
    const upstream = new Upstream(name);
    await new Promise<void>((resolve) => upstream.server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.sockets.clients) client.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe.skipIf(!nginxInstalled)(`nginx in front of everything${nginxInstalled ? '' : ' (skipped: no nginx here)'}`, () => {
  const stack = new AsyncDisposableStack();
  let gateways: Upstream[];
  let ledger: Upstream;
  let nginx: NginxProcess;
  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'acceptance-nginx-'));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    gateways = [stack.use(await Upstream.start('one')), stack.use(await Upstream.start('two'))];
    ledger = stack.use(await Upstream.start('ledger'));
    nginx = stack.use(
      await NginxProcess.start({ directory, gateways: gateways.map(({ address }) => address), acceptance: [ledger.address] }),
    );
  });
  afterAll(() => stack.disposeAsync());

  const answering = (answer: Upstream['answer']) => {
    for (const gateway of gateways) Object.assign(gateway, { answer, came: gateway.came.splice(0) && gateway.came });
  };
  const came = () => gateways.flatMap((gateway) => gateway.came);

  test.for(['text/event-stream', 'multipart/mixed; boundary="graphql"'])('lets each event of %s out at once', async (type) => {
    // the second part is sent when the client has the first, so a buffer would wait for ever
    const next = Promise.withResolvers<void>();
    answering((_, response) => {
      response.writeHead(200, { 'content-type': type }).write('first');
      void next.promise.then(() => response.end('second'));
    });
    const response = await fetch(`${nginx.origin}/graphql`, { headers: { accept: type } });
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('first');
    next.resolve();
    expect((await reader.read()).value).toBe('second');
  });

  test('passes WebSockets on, in both directions', async () => {
    const socket = new WebSocket(`${nginx.origin.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const answer = await new Promise((resolve) => {
      socket.on('open', () => socket.send('hello')).on('message', (data: Buffer) => resolve(data.toString()));
    });
    expect(answer).toMatch(/^(one|two) hello$/);
    socket.terminate();
  });

  test('says who asks, and gives a request an id that is kept', async () => {
    answering((_, response) => response.end());
    await fetch(`${nginx.origin}/graphql`);
    await fetch(`${nginx.origin}/graphql`, { headers: { 'x-request-id': 'mine', 'x-forwarded-for': '192.0.2.1' } });
    const second = came().find(({ headers }) => headers['x-request-id'] === 'mine');
    const first = came().find((one) => one !== second);
    expect(first?.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-request-id': expect.stringMatching(/^[\da-f]{32}$/) });
    expect(second?.headers).toMatchObject({ 'x-forwarded-for': '192.0.2.1, 127.0.0.1', 'x-request-id': 'mine' });
  });

  test('asks another gateway what one did not answer, but sends nothing twice that may have been carried out', async () => {
    answering((incoming, response) => {
      // taken, and not answered
      if (came().length === 1) incoming.socket.destroy();
      else response.end('answered');
    });
    expect(await (await fetch(`${nginx.origin}/graphql?query={a}`)).text()).toBe('answered');
    expect(came()).toHaveLength(2);
    answering((incoming) => incoming.socket.destroy());
    expect((await fetch(`${nginx.origin}/graphql`, { method: 'POST', body: '{}' })).status).toBe(502);
    expect(came()).toHaveLength(1);
  });

  test('serves no metrics', async () => {
    expect((await fetch(`${nginx.origin}/metrics`)).status).toBe(404);
  });

  test('passes uploads on while they come, under the path that their link was signed for', async () => {
    const begun = Promise.withResolvers<IncomingMessage>();
    ledger.answer = (incoming, response) => {
      incoming.once('data', () => begun.resolve(incoming)).once('end', () => response.end('stored'));
    };
    const answered = Promise.withResolvers<number | undefined>();
    const upload = request(`${nginx.origin}/files/uploads/u1?expires=1&signature=x`, { method: 'PUT' }, ({ statusCode }) =>
      answered.resolve(statusCode),
    );
    upload.write('begin');
    expect((await begun.promise).url).toBe('/uploads/u1?expires=1&signature=x');
    upload.end(Buffer.alloc(2 * 1_048_576));
    expect(await answered.promise).toBe(200);
  });

  test.for(['/files/graphql', '/files/metrics', '/files/', '/files/uploads/../graphql', '/files//graphql'])(
    'serves nothing else of the ledger: %s',
    async (path) => {
      const before = ledger.came.length;
      const status = await new Promise((resolve) => request(nginx.origin, { path }, ({ statusCode }) => resolve(statusCode)).end());
      expect(status).toBe(404);
      expect(ledger.came.length).toBe(before);
    },
  );
});
