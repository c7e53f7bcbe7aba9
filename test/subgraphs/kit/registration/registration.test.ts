import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { registerDepartment } from '../../../../subgraphs/kit/registration/register-department.js';
import { registerPlatform } from '../../../../subgraphs/kit/registration/register-platform.js';
import { RegistrationRefused } from '../../../../subgraphs/kit/registration/registration.js';
import { testEnvironment } from '../../../support/environment.js';

const BACKOFF = { backoff: { first: 1, most: 5 } };
const DEPARTMENT = {
  code: 'drug',
  name: '药监局',
  affiliation: 'PROVINCIAL',
  url: 'http://drug.test/graphql',
  subscriptionUrl: 'ws://drug.test/graphql',
  sdl: 'type Query { x: Int }',
} as const;

interface Received {
  authorization: string | undefined;
  input: Record<string, unknown>;
}

/** A registry that gives the answers in turn, the last one for ever. */
async function registryAnswering(...answers: { status?: number; body: string }[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      received.push({ authorization: request.headers.authorization, input: JSON.parse(body).variables.input });
      const answer = answers[Math.min(received.length, answers.length) - 1];
      response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json' }).end(answer?.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    received,
    registry: { url: `http://${origin}/graphql`, subscriptionUrl: `ws://${origin}/graphql` },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const TAKEN = { body: JSON.stringify({ data: { registerDepartment: { departmentCode: 'drug', supergraphVersion: 'v' } } }) };
const error = (code: string, extensions = {}) => ({
  body: JSON.stringify({ errors: [{ message: `it is ${code}`, extensions: { code, ...extensions } }] }),
});

test('tries until the registry takes it, under its own role', async () => {
  await using fake = await registryAnswering({ status: 502, body: '<html>' }, error('INTERNAL_SERVER_ERROR'), error('CONFLICT'), TAKEN);
  const env = await testEnvironment('memory:', { registry: fake.registry });
  await using registration = registerDepartment(env, DEPARTMENT, BACKOFF);
  await registration.done;
  expect(fake.received).toHaveLength(4);
  expect(fake.received[3]?.input).toEqual(DEPARTMENT);
  expect(await env.verifier.verify(fake.received[3]?.authorization, 'registry')).toMatchObject({
    subject: 'department:drug',
    roles: ['department:drug'],
  });
});

test('finds a registry that starts later', async () => {
  let url: string;
  {
    await using gone = await registryAnswering(TAKEN);
    url = gone.registry.url;
  }
  const registry = { url, subscriptionUrl: url.replace('http', 'ws') };
  const env = await testEnvironment('memory:', { registry });
  await using registration = registerDepartment(env, DEPARTMENT, BACKOFF);
  await using fake = await registryAnswering(TAKEN);
  registry.url = fake.registry.url;
  await registration.done;
  expect(fake.received).toHaveLength(1);
});

test('a refusal is final, and readable', async () => {
  const problems = [{ message: '`Case.decision` is missing.', member: 'Case.decision', line: 3, column: 1 }, { message: 'another' }, null];
  await using fake = await registryAnswering(error('CONTRACT_VIOLATION', { problems }));
  const env = await testEnvironment('memory:', { registry: fake.registry });
  await using registration = registerDepartment(env, DEPARTMENT, BACKOFF);
  const refused: unknown = await registration.done.catch((reason: unknown) => reason);
  expect(refused).toBeInstanceOf(RegistrationRefused);
  expect(refused).toMatchObject({ code: 'CONTRACT_VIOLATION', problems: problems.slice(0, 2) });
  expect((refused as Error).message).toBe(
    'drug was refused by the registry (CONTRACT_VIOLATION): it is CONTRACT_VIOLATION\n  `Case.decision` is missing. (line 3, column 1)\n  another',
  );
  expect(fake.received).toHaveLength(1);
});

test('a platform subgraph registers as the platform, at its public address', async () => {
  await using fake = await registryAnswering({ body: JSON.stringify({ data: { registerPlatform: { name: 'ledger' } } }) });
  const env = await testEnvironment('memory:', { registry: fake.registry, publicUrl: 'https://ledger.gov.test/graphql' });
  await using registration = registerPlatform(env, {
    name: 'ledger',
    sdl: 'x',
    url: 'http://127.0.0.1:1',
    subscriptionUrl: 'ws://127.0.0.1:1',
  });
  await registration.done;
  expect(fake.received[0]?.input).toEqual({
    name: 'ledger',
    sdl: 'x',
    url: 'https://ledger.gov.test/graphql',
    subscriptionUrl: 'wss://ledger.gov.test/graphql',
  });
  expect(await env.verifier.verify(fake.received[0]?.authorization, 'registry')).toMatchObject({ roles: ['platform'] });
});

test('disposal stops trying; without a registry there is nothing to try', async () => {
  const nowhere = { url: 'http://127.0.0.1:1/graphql', subscriptionUrl: 'ws://127.0.0.1:1/graphql' };
  const env = await testEnvironment('memory:', { registry: nowhere });
  const registration = registerDepartment(env, DEPARTMENT, { backoff: { first: 3_600_000, most: 3_600_000 } });
  await registration[Symbol.asyncDispose]();
  await registration.done;
  await registerDepartment(await testEnvironment('memory:'), DEPARTMENT).done;
});
