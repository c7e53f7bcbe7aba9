import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { keysMakeCommand } from '../../gateway/main/commands/keys-make.js';

export const DOCKER = new URL('../../docker/', import.meta.url).pathname;
const run = promisify(execFile);

export const dockerFile = (path: string): Promise<string> => readFile(join(DOCKER, path), 'utf8');

/** compose.yaml with anchors and merges resolved. It is looked at from outside, so it has no types. */
export const composeFile = async (): Promise<any> => parse(await dockerFile('compose.yaml'), { merge: true });

/** Values that compose fills in, as they are when nobody sets them. */
export const filledIn = (value: string): string => value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1').replaceAll('$$', '$');

/** A copy of docker/ with secrets made as its own script and the command line make them. */
export async function preparedFolder(): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'acceptance-docker-'));
  await cp(DOCKER, folder, { recursive: true, filter: (path) => !path.endsWith('/secrets') });
  await run(join(folder, 'prepare'));
  const before = process.env['DATA_DIR'];
  process.env['DATA_DIR'] = join(folder, 'secrets');
  try {
    await keysMakeCommand.run(['drug', 'housing', 'transport']);
  } finally {
    if (before === undefined) delete process.env['DATA_DIR'];
    else process.env['DATA_DIR'] = before;
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** What `kubectl apply -k docker` would send. */
export async function manifests(): Promise<any[]> {
  await using prepared = await preparedFolder();
  const { stdout } = await run('kubectl', ['kustomize', prepared.folder], { maxBuffer: 16 * 1_048_576 });
  const all = parseAllDocuments(stdout).map((document) => document.toJS());
  // Kubernetes reads base64 in lines
  for (const { kind, data = {} } of all)
    if (kind === 'Secret') for (const key of Object.keys(data)) data[key] = data[key].replaceAll(/\s/g, '');
  return all;
}
