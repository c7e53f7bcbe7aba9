import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SupergraphDocument } from '../../schema/composition/supergraph-document.js';
import { isSupergraphDocument } from './document-shape.js';

/** Keeps the last good supergraph in a file, so that a gateway starts while the registry is down. */
export class DiskCopy {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** The document, or undefined when there is none or the file is damaged: then the registry is the only source. */
  async read(): Promise<SupergraphDocument | undefined> {
    try {
      const document: unknown = JSON.parse(await readFile(this.file, 'utf8'));
      return isSupergraphDocument(document) ? document : undefined;
    } catch {
      return undefined;
    }
  }

  /** Replaces the file as a whole: a reader, or a restart after a crash, finds the old document or the new one. */
  async write(document: SupergraphDocument): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    const draft = `${this.file}.${process.pid}.draft`;
    await using handle = await open(draft, 'w', 0o600);
    await handle.writeFile(JSON.stringify(document));
    await handle.sync();
    await rename(draft, this.file);
  }
}
