import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DepartmentRoute } from '../../schema/composition/supergraph-document.js';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { areDepartmentRoutes } from './document-shape.js';
import type { SupergraphSource } from './supergraph-source.js';

/**
 * One supergraph from a file, for ever; no registry is asked. Departments, where the supergraph has any, are listed in
 * `<file>.departments.json` as an array of DepartmentRoute.
 */
export function fixedSupergraph(file: string): SupergraphSource {
  return {
    registryReachable: undefined,
    /** @throws CataloguedError CONFIGURATION_INVALID when the file can't be read or does not build. */
    async follow(offer) {
      const sdl = await readText(file);
      if (sdl === undefined) throw invalid(`${file} can't be read`);
      const departments = await readDepartments(`${file}.departments.json`);
      const version = createHash('sha256').update(sdl).update(JSON.stringify(departments)).digest('hex').slice(0, 16);
      const problem = await offer({ version, sdl, departments }, 'file');
      if (problem !== undefined) throw invalid(`${file} is no supergraph that can be served: ${problem.message}`);
      return { async [Symbol.asyncDispose]() {} };
    },
  };
}

async function readDepartments(file: string): Promise<DepartmentRoute[]> {
  const text = await readText(file);
  if (text === undefined) return [];
  let routes: unknown;
  try {
    routes = JSON.parse(text);
  } catch {
    throw invalid(`${file} is not JSON`);
  }
  if (!areDepartmentRoutes(routes)) throw invalid(`${file} is no array of {code, url, subscriptionUrl, extension}`);
  return routes;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw invalid(`${file} can't be read`);
  }
}

const invalid = (problem: string) => new CataloguedError('CONFIGURATION_INVALID', `GATEWAY_SUPERGRAPH: ${problem}`);
