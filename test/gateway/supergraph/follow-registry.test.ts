import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startGateway } from '../../../gateway/server/start-gateway.js';
import { DiskCopy } from '../../../gateway/supergraph/disk-copy.js';
import { fixedSupergraph } from '../../../gateway/supergraph/fixed-supergraph.js';
import { followRegistry } from '../../../gateway/supergraph/follow-registry.js';
import type { SupergraphDocument } from '../../../schema/composition/supergraph-document.js';
import { generateInternalKeys } from '../../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../../subgraphs/kit/identity/internal-tokens.js';
import { type Province, startProvince } from '../server/small-province.js';
import { post, silent } from '../server/test-gateway.js';

let stack: AsyncDisposableStack;
let province: Province;
let folder: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  province = stack.use(await startProvince());
  folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  stack.defer(() => rm(folder, { recursive: true }));
});
afterEach(() => stack.disposeAsync());

/** A registry as the gateway sees it: publishes what the test says, down when that is undefined. */
async function startRegistry(publication: SupergraphDocument | undefined) {
  const registry = { publication, asked: [] as { ifNot: string | null; authorization: string | undefined }[], url: '' };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { ifNot } = (JSON.parse(body) as { variables: { ifNot: string | null } }).variables;
      registry.asked.push({ ifNot, authorization: request.headers.authorization });
      if (registry.publication === undefined) {
        request.socket.destroy();
        return;
      }
      const supergraph = registry.publication.version === ifNot ? null : registry.publication;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { supergraph } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  registry.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return registry;
}

const readiness = async (origin: string) => {
  const response = await fetch(`${origin}/health/ready`);
  return { status: response.status, ...((await response.json()) as any) };
};
const follow = (url: string, more: Partial<Parameters<typeof followRegistry>[0]> = {}) =>
  followRegistry({ url, logger: silent, intervalMs: 20, diskCopy: new DiskCopy(join(folder, 'deep', 'supergraph.json')), ...more });
const ITEMS = { query: '{ items { code } }' };
const startFollowing = async (source: ReturnType<typeof follow>) => stack.use(await startGateway({ supergraph: source, logger: silent }));

describe('a gateway that follows the registry', () => {
  test('serves what it publishes, and each new version as it comes', async () => {
    const registry = await startRegistry(province.document('a'));
    const gateway = await startFollowing(follow(registry.url));
    expect(await readiness(gateway.origin)).toMatchObject({
      status: 200,
      ready: true,
      generation: { version: 'a', source: 'registry' },
      registry: { reachable: true },
    });
    expect((await post(gateway.url, ITEMS)).status).toBe(200);
    registry.publication = province.document('b');
    await expect.poll(async () => (await readiness(gateway.origin)).generation.version).toBe('b');
    expect(registry.asked[0]?.ifNot).toBe(null);
    expect(registry.asked.some(({ ifNot }) => ifNot === 'a')).toBe(true);
  });

  test('goes on to the next instance of the registry where one does not answer', async () => {
    const [first, second] = [await startRegistry(province.document('a')), await startRegistry(province.document('a'))];
    const gateway = await startFollowing(follow(`${first.url},${second.url}`));
    expect((await readiness(gateway.origin)).generation.version).toBe('a');
    const [asked, other] = first.asked.length > 0 ? [first, second] : [second, first];
    expect(other.asked).toEqual([]);
    asked.publication = undefined;
    other.publication = province.document('b');
    await expect.poll(async () => (await readiness(gateway.origin)).generation.version).toBe('b');
    expect(await readiness(gateway.origin)).toMatchObject({ registry: { reachable: true } });
  });

  test('refuses a document that does not build, once, and serves on', async () => {
    const registry = await startRegistry(province.document('a'));
    const gateway = await startFollowing(follow(registry.url));
    registry.publication = { ...province.document('bad'), sdl: 'type Query { a: Int }' };
    await expect.poll(() => registry.asked.at(-1)?.ifNot).toBe('bad');
    expect((await readiness(gateway.origin)).generation.version).toBe('a');
    expect((await post(gateway.url, ITEMS)).status).toBe(200);
    expect(JSON.parse(await readFile(join(folder, 'deep', 'supergraph.json'), 'utf8')).version).toBe('a');
    registry.publication = province.document('c');
    await expect.poll(async () => (await readiness(gateway.origin)).generation.version).toBe('c');
  });

  test('starts from its copy on disk while the registry is down, and follows again when it is back', async () => {
    const registry = await startRegistry(province.document('a'));
    {
      await using _first = await startGateway({ supergraph: follow(registry.url), logger: silent });
    }
    registry.publication = undefined;
    const gateway = await startFollowing(follow(registry.url));
    expect(await readiness(gateway.origin)).toMatchObject({
      status: 200,
      generation: { version: 'a', source: 'disk' },
      registry: { reachable: false },
    });
    const metrics = await (await fetch(`${gateway.origin}/metrics`)).text();
    expect(metrics).toContain('acceptance_supergraph_info{version="a",origin="disk"} 1');
    expect(metrics).toMatch(/^acceptance_registry_reachable 0$/m);
    expect((await post(gateway.url, ITEMS)).data).toEqual({ items: [{ code: 'i1' }, { code: 'i2' }] });
    registry.publication = province.document('b');
    await expect
      .poll(async () => await readiness(gateway.origin))
      .toMatchObject({ generation: { version: 'b' }, registry: { reachable: true } });
    const answer = await fetch(`${gateway.url}?query=%7B__typename%7D`, { headers: { 'apollo-require-preflight': 'true' } });
    expect(answer.headers.get('supergraph-version')).toBe('b');
  });

  test('without registry and copy lives, is not ready, says so, and becomes ready by itself', async () => {
    const registry = await startRegistry(undefined);
    const gateway = await startFollowing(follow(registry.url));
    expect((await fetch(`${gateway.origin}/health/live`)).status).toBe(200);
    expect(await readiness(gateway.origin)).toMatchObject({ status: 503, ready: false, generation: null });
    const refused = await post(gateway.url, ITEMS);
    expect({ status: refused.status, code: refused.errors?.[0]?.extensions['code'] }).toEqual({ status: 503, code: 'GATEWAY_NOT_READY' });
    registry.publication = province.document('a');
    await expect.poll(async () => (await post(gateway.url, ITEMS)).status).toBe(200);
  });

  test('takes a damaged copy for none', async () => {
    const registry = await startRegistry(undefined);
    const file = join(folder, 'supergraph.json');
    await writeFile(file, '{"version": "a", "sdl":');
    const gateway = await startFollowing(follow(registry.url, { diskCopy: new DiskCopy(file) }));
    expect((await readiness(gateway.origin)).status).toBe(503);
  });

  test('asks as the platform, with a token for the registry', async () => {
    const keys = await generateInternalKeys();
    const registry = await startRegistry(province.document('a'));
    await startFollowing(follow(registry.url, { internalTokens: await createInternalTokens(keys) }));
    const caller = await createInternalTokenVerifier(keys).verify(registry.asked[0]?.authorization, 'registry');
    expect(caller.roles).toEqual(['platform']);
  });
});

describe('a fixed supergraph', () => {
  test('is served from its file, departments from the file beside it', async () => {
    const { sdl, departments } = province.document();
    const file = join(folder, 'supergraph.graphql');
    await writeFile(file, sdl);
    await writeFile(`${file}.departments.json`, JSON.stringify(departments));
    await using gateway = await startGateway({ supergraph: fixedSupergraph(file), logger: silent });
    expect((await post(gateway.url, { query: '{ desk(departmentCode: "drug") }' })).data).toEqual({ desk: 'drug desk' });
    expect(await readiness(gateway.origin)).toMatchObject({ generation: { source: 'file' }, registry: null });
  });

  test.for([
    ['is not there', undefined, undefined],
    ['is no supergraph', 'type Query { a: Int }', undefined],
    ['has departments that are no JSON', 'x', '{'],
    ['has departments without addresses', 'x', '[{"code":"drug"}]'],
  ] as const)('that %s stops the start with its name', async ([, sdl, departments]) => {
    const file = join(folder, 'bad.graphql');
    if (sdl !== undefined) await writeFile(file, sdl);
    if (departments !== undefined) await writeFile(`${file}.departments.json`, departments);
    const start = startGateway({ supergraph: fixedSupergraph(file), logger: silent });
    await expect(start).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID', message: expect.stringContaining('bad.graphql') });
  });
});
