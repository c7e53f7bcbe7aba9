import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { committedSupergraph } from '../../schema/composition/committed-supergraph.js';
import { CONTRACT_VERSION, DEPARTMENTS_SUBGRAPH, departmentContract, isExtensible } from '../../schema/composition/contract.js';
import { contractFile } from '../../schema/composition/package-files.js';
import { ACCEPTANCE, CONTRACT_SDL, departmentSdl } from './department-fixture.js';

test('the contract is the one in the package', () => {
  const contract = departmentContract();
  expect(contract.version).toBe(CONTRACT_VERSION);
  expect(contract.sdl).toBe(CONTRACT_SDL);
  expect([...contract.entities]).toEqual(['ServiceItem', 'Case']);
  expect(contract.inaccessibleTypes).toContain('CaseEvent');
  expect(contract.inaccessibleTypes).not.toContain('CaseStep');
  expect(['Case', 'ServiceItem', 'Query', 'Mutation', 'Subscription', 'CaseStep'].filter((type) => isExtensible(type))).toHaveLength(5);
  expect(DEPARTMENTS_SUBGRAPH).toBe('departments');
});

test('the contract is found from dist too, where no .graphql file is copied', () => {
  const root = join(contractFile(), '..', '..');
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  try {
    mkdirSync(join(folder, 'dist', 'schema', 'composition'), { recursive: true });
    mkdirSync(join(folder, 'schema'));
    cpSync(join(root, 'package.json'), join(folder, 'package.json'));
    cpSync(contractFile(), join(folder, 'schema', 'department-contract.graphql'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const source = join(root, 'schema', 'composition', 'package-files.ts');
    writeFileSync(join(folder, 'dist', 'package.json'), '{"type":"module"}');
    cpSync(source, join(folder, 'dist', 'schema', 'composition', 'package-files.ts'));
    const script = `import('./dist/schema/composition/package-files.ts').then((files) => process.stdout.write(files.contractFile()))`;
    const found = execFileSync(process.execPath, ['--experimental-strip-types', '-e', script], { cwd: folder, encoding: 'utf8' });
    expect(found.endsWith(join('schema', 'department-contract.graphql'))).toBe(true);
    expect(found).not.toContain('dist');
    expect(readFileSync(found, 'utf8')).toBe(CONTRACT_SDL);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the committed supergraph has URLs that only name its servers', async () => {
  const { sdl, departments } = await committedSupergraph([
    { name: 'drug', kind: 'department', sdl: () => Promise.resolve(departmentSdl('drug')) },
    { name: 'acceptance', kind: 'platform', sdl: () => ACCEPTANCE.sdl },
  ]);
  expect(sdl).toContain('@join__graph(name: "drug", url: "http://drug.acceptance.internal/graphql")');
  expect(sdl).toContain('@join__graph(name: "acceptance", url: "http://acceptance.acceptance.internal/graphql")');
  expect(departments).toEqual([
    {
      code: 'drug',
      url: 'http://drug.acceptance.internal/graphql',
      subscriptionUrl: 'ws://drug.acceptance.internal/graphql',
      extension: true,
    },
  ]);
});
