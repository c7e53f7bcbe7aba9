import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OfferedItem, offeredItems, openCase, received } from '../support/case-work.js';
import { Graph } from '../support/graph.js';
import { PartProcess, Topology } from '../support/processes.js';

const ACCEPTANCE = new URL('../../dist/gateway/main/acceptance.js', import.meta.url).pathname;
const run = promisify(execFile);

const stack = new AsyncDisposableStack();
let topology: Topology;
let graph: Graph;
let item: OfferedItem;
/** What came to the department's address, by connection. */
const wire: Buffer[][] = [];
const clients = new Set<Socket>();

beforeAll(async () => {
  topology = stack.use(await Topology.start([]));
  // the department is reached through a line that somebody listens to
  const department = Promise.withResolvers<number>();
  const line = createServer(async (client) => {
    const taken: Buffer[] = [];
    wire.push(taken);
    client.on('data', (bytes) => taken.push(bytes));
    client.pause();
    const behind = connect(await department.promise, '127.0.0.1');
    client.pipe(behind).pipe(client);
    for (const socket of [client, behind]) socket.on('error', () => [client, behind].forEach((each) => void each.destroy()));
    clients.add(client.once('close', () => clients.delete(client)));
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    line.close();
    for (const client of clients) client.destroy();
  });
  const { port } = line.address() as { port: number };
  const drug = stack.use(
    await PartProcess.start(['subgraph', 'drug'], { ...topology.env, PUBLIC_URL: `http://127.0.0.1:${port}/graphql` }),
  );
  department.resolve(Number(drug.port));
  graph = await Graph.open(() => topology.part('gateway').url, topology.directory);
  item = (await offeredItems(graph, ['drug'])).find(({ departmentCode }) => departmentCode === 'drug') as OfferedItem;
}, 120_000);
afterAll(() => stack.disposeAsync());

/** The bodies of the HTTP requests that went over the line and have a text in them. */
function bodiesWith(text: string): Buffer[] {
  return wire.flatMap((taken) => {
    const bytes = Buffer.concat(taken);
    const found: Buffer[] = [];
    for (let at = bytes.indexOf('\r\n\r\n'); at >= 0; at = bytes.indexOf('\r\n\r\n', at + 4)) {
      const headers = bytes.subarray(Math.max(0, bytes.lastIndexOf('POST ', at)), at).toString('latin1');
      const length = Number(/content-length: *(\d+)/i.exec(headers)?.[1] ?? 0);
      const body = bytes.subarray(at + 4, at + 4 + length);
      if (body.includes(text)) found.push(body);
    }
    return found;
  });
}

async function prove(end: string, body: Buffer): Promise<{ code: number; proofs: any[] }> {
  const file = join(topology.directory, 'body.json');
  await writeFile(file, body);
  const env = { ...process.env, DATA_DIR: topology.directory };
  const args = [ACCEPTANCE, 'exchange', 'prove', end, '--body', file, '--json'];
  return run(process.execPath, args, { env }).then(
    ({ stdout }) => ({ code: 0, proofs: JSON.parse(stdout) as any[] }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, proofs: JSON.parse(stdout) as any[] }),
  );
}

test('a body that was sent is proved from the records of both ends, and no other one is', async () => {
  const number = await openCase(graph, item, 741);
  await received(graph, number);
  const dispatched = bodiesWith('receiveCase').filter((body) => body.includes(number));
  expect(dispatched.length).toBeGreaterThan(0);
  const [body = Buffer.of()] = dispatched;
  const [sent, taken] = [await prove('acceptance', body), await prove('drug', body)];
  expect([sent.code, taken.code]).toEqual([0, 0]);
  expect(sent.proofs[0]).toMatchObject({ direction: 'SENT', sender: 'platform', recipient: 'drug', outcome: 'OK', proved: true });
  expect(taken.proofs[0]).toMatchObject({ direction: 'RECEIVED', sender: 'platform', recipient: 'drug', outcome: 'OK', proved: true });
  // one signature, held by both
  expect(taken.proofs[0].signature).toBe(sent.proofs[0].signature);
  const altered = Buffer.from(body.toString().replace(number, `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`));
  for (const end of ['acceptance', 'drug']) expect(await prove(end, altered)).toEqual({ code: 1, proofs: [] });
}, 60_000);

test('so is what an officer did through the gateway; with a key of another it is not proved', async () => {
  const number = await openCase(graph, item, 742);
  await received(graph, number);
  const step = item.approvalFlow[0]?.code;
  await graph.data(
    'department:drug',
    'mutation ($n: ID!, $s: ID!) { startStep(departmentCode: "drug", caseNumber: $n, stepCode: $s) { number } }',
    {
      n: number,
      s: step,
    },
  );
  const [body = Buffer.of()] = bodiesWith('startStep').filter((sent) => sent.includes(number));
  for (const end of ['gateway', 'drug'])
    expect(await prove(end, body), end).toMatchObject({ code: 0, proofs: [{ proved: true, sender: 'platform' }] });
  const keys = join(topology.directory, 'keys', 'exchange', 'platform.public.json');
  await writeFile(keys, JSON.stringify({ keys: [] }));
  for (const end of ['gateway', 'drug']) expect(await prove(end, body), end).toMatchObject({ code: 1, proofs: [{ proved: false }] });
}, 60_000);
