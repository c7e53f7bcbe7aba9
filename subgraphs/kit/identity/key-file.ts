import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CataloguedError } from '../errors/catalogued-error.js';

/**
 * Reads keys from a JSON file, or makes them there, readable by the owner alone. Processes that start at once get the
 * same ones. `check` throws for content that is no key.
 */
export async function keysOf<T>(file: string, make: () => Promise<T>, check: (keys: T) => unknown): Promise<T> {
  const stored = await read(file, check);
  if (stored !== undefined) return stored;
  const keys = await make();
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(keys), { mode: 0o600, flag: 'wx', flush: true });
  try {
    // unlike rename, link never replaces a file that another process has put there meanwhile
    await link(draft, file);
    return keys;
  } catch (error) {
    const other = await read(file, check);
    if (other === undefined) throw error;
    return other;
  } finally {
    await rm(draft, { force: true });
  }
}

/** For where keys are given and never made up. @throws CataloguedError CONFIGURATION_INVALID */
export function refuseToMake(file: string): never {
  throw new CataloguedError(
    'CONFIGURATION_INVALID',
    `${file} is not there, and NODE_ENV is "production", where no key is made up: make it once with "acceptance keys make" and give it to every part`,
  );
}

async function read<T>(file: string, check: (keys: T) => unknown): Promise<T | undefined> {
  try {
    const keys = JSON.parse(await readFile(file, 'utf8')) as T;
    await check(keys);
    return keys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} does not hold the keys it should; move it away to have new ones made`, { cause: error });
  }
}
