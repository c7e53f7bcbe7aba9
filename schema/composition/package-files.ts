import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `tsc` copies no .graphql file to dist, so they are found from the package's root, wherever this module runs. */
function schemaFile(name: string): string {
  return join(packageRoot(import.meta.dirname), 'schema', name);
}

/** Where the department contract lies. */
export function contractFile(): string {
  return schemaFile('department-contract.graphql');
}

/** Where the committed supergraph lies. */
export function supergraphFile(): string {
  return schemaFile('supergraph.graphql');
}

function packageRoot(folder: string): string {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest)) {
    const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
    if (typeof content === 'object' && content !== null && 'name' in content && content.name === 'unified-acceptance-graph') return folder;
  }
  const parent = dirname(folder);
  if (parent === folder)
    throw new Error('The schema files were not found: no package.json named unified-acceptance-graph above this module');
  return packageRoot(parent);
}
