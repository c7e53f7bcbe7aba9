import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';

/**
 * Keeps a second whole system off the same data: it would take over the addresses the first one registered.
 * What a killed process left behind is taken over.
 * @throws CataloguedError CONFIGURATION_INVALID while another process has it
 */
export async function lockData(directory: string): Promise<AsyncDisposable> {
  const file = join(directory, 'start.pid');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    if (attempt > 0 || (holder !== process.pid && isRunning(holder))) {
      throw new CataloguedError(
        'CONFIGURATION_INVALID',
        `DATA_DIR: process ${holder} runs on ${directory}; stop it, or set another DATA_DIR`,
      );
    }
    await rm(file, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
