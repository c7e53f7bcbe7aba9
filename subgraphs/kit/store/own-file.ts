import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes the file, or finds it, readable and writable by its owner alone; SQLite gives the files beside it the same mode.
 * A directory that was there before is left as it is: it may be somebody else's.
 */
export async function ownFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    await file.chmod(0o600);
  } finally {
    await file.close();
  }
}
