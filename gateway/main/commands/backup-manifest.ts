import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FileBackup } from '../../../subgraphs/kit/store/backup/file-backup.js';
import { UsageError } from './command.js';

const NAME = 'backup.json';

const manifest = z.object({
  version: z.literal(1),
  takenAt: z.string(),
  stores: z.record(
    z.string(),
    z.object({
      bytes: z.number(),
      sha256: z.string(),
      migration: z.string(),
      feed: z.object({ id: z.string(), position: z.number() }).nullable(),
    }),
  ),
});

/** What a folder of backups says of itself. */
export type BackupManifest = z.infer<typeof manifest>;

/** Written last: a folder without it is no backup. */
export async function writeManifest(directory: string, takenAt: Date, stores: Readonly<Record<string, FileBackup>>): Promise<void> {
  const content = { version: 1, takenAt: takenAt.toISOString(), stores };
  await writeFile(join(directory, NAME), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
}

/** @throws UsageError when there is none */
export async function readManifest(directory: string): Promise<BackupManifest> {
  try {
    return manifest.parse(JSON.parse(await readFile(join(directory, NAME), 'utf8')));
  } catch {
    throw new UsageError(`${directory} is no backup: it has no ${NAME}, or one that was not written by \`store backup\``);
  }
}
