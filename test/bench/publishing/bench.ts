import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startGateway } from '../../../gateway/server/start-gateway.js';
import { followRegistry } from '../../../gateway/supergraph/follow-registry.js';
import { startRegistry } from '../../../subgraphs/platform/registry/index.js';
import { departmentSdl } from '../../schema/department-fixture.js';
import { SaidEndpoints } from '../../subgraphs/platform/registry/publishing-fixture.js';
import { departmentInput, platformInput, RegistryClient } from '../../subgraphs/platform/registry/registry-fixture.js';
import { testEnvironment } from '../../support/environment.js';

const DEPARTMENTS = 50;
const PUBLICATIONS = 5;

/**
 * From the call that publishes an added field to the first answer of a gateway that has it, with fifty departments composed.
 * Registry and gateway share a process here, as with `npm start`, and a gateway asks the registry every second.
 */
export async function benchPublishing(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'acceptance-bench-'));
  const environment = await testEnvironment(`file:${folder}`);
  const endpoints = new SaidEndpoints();
  await using registry = await startRegistry(environment, { expectedPlatform: [], endpoints });
  const client = new RegistryClient(environment, registry);
  await client.platform(platformInput('ledger'));
  for (let index = 0; index < DEPARTMENTS; index++) {
    const input = departmentInput(`dept-${index}`, departmentSdl(`dept-${index}`));
    endpoints.answers.set(String(input['url']), '');
    await client.department(input);
  }
  const logger = pino({ level: 'silent' });
  await using gateway = await startGateway({
    supergraph: followRegistry({ url: registry.url, logger, internalTokens: environment.tokens, intervalMs: 1_000 }),
    logger,
  });
  console.log(`${DEPARTMENTS} departments; publication   publish s   publish to served s`);
  for (let n = 1; n <= PUBLICATIONS; n++) {
    const started = performance.now();
    const sdl = `${departmentSdl('dept-7')} extend type Case { ${Array.from({ length: n }, (_, index) => `dept7Note${index}: String`).join(' ')} }`;
    const { publishDepartment } = await client.ask<any>(
      'mutation($input: PublishDepartmentInput!) { publishDepartment(input: $input) { outcome } }',
      { input: { departmentCode: 'dept-7', sdl } },
      'department:dept-7',
    );
    const published = performance.now() - started;
    if (publishDepartment.outcome !== 'PUBLISHED') throw new Error(publishDepartment.outcome);
    while (!(await serves(gateway.url, `dept7Note${n - 1}`))) await new Promise((resolve) => setTimeout(resolve, 20));
    const served = performance.now() - started;
    console.log(`${' '.repeat(26)}${n}   ${(published / 1000).toFixed(2).padStart(9)}   ${(served / 1000).toFixed(2).padStart(19)}`);
  }
  await rm(folder, { recursive: true });
}

async function serves(url: string, field: string): Promise<boolean> {
  const body = JSON.stringify({ query: '{ __type(name: "Case") { fields { name } } }' });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { data } = (await response.json()) as { data: { __type: { fields: { name: string }[] } } };
  return data.__type.fields.some(({ name }) => name === field);
}
