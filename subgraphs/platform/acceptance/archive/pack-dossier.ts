import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file to be packed, with its exact size. */
export interface DossierPart {
  readonly path: string;
  readonly size: number;
  readonly open: () => Promise<Readable>;
}

/**
 * Packs files into a ZIP whose bytes depend on their paths, their contents and their order alone: nothing is compressed and
 * every time in it is the same. So a verifier that packs them again must get the very same file, and no byte between the
 * contents can be changed unnoticed either.
 */
export function packDossier(parts: readonly DossierPart[]): Readable {
  const zip = new ZipFile();
  const options = {
    compress: false,
    forceDosTimestamp: true,
    // DOS times have no zone: whoever makes this date reads the same year, month and day out of it again
    mtime: new Date(2000, 0, 1),
    mode: 0o100644,
  };
  for (const { path, size, open } of parts) {
    zip.addReadStreamLazy(path, { ...options, size }, (give) => {
      open().then(
        (stream) => {
          stream.once('error', (error) => (zip.outputStream as Readable).destroy(error));
          give(null, stream);
        },
        (error: unknown) => (zip.outputStream as Readable).destroy(error as Error),
      );
    });
  }
  zip.end();
  return zip.outputStream as Readable;
}
