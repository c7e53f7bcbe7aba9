import { readFileSync } from 'node:fs';

const NAME = 'unified-acceptance-graph';

/** Of this software, as its package says; found above this file, wherever it was built to. */
export const PRODUCT_VERSION: string = versionAbove(new URL('.', import.meta.url));

function versionAbove(folder: URL): string {
  try {
    const { name, version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as { name?: string; version?: string };
    if (name === NAME && version !== undefined) return version;
  } catch {
    // not here
  }
  const above = new URL('..', folder);
  return above.href === folder.href ? 'unknown' : versionAbove(above);
}
