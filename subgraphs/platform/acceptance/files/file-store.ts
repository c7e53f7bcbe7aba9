import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline, Readable, type Transform } from 'node:stream';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import { ContentKey } from '../../../kit/privacy/content-key.js';
import type { PersonalDataKeys } from '../../../kit/privacy/personal-data-keys.js';
import type { Store } from '../../../kit/store/open-store.js';
import { transaction } from '../../../kit/store/transaction.js';
import { storedFiles } from '../store/file-tables.js';

/** Where files are kept: uploads, documents, dossiers. */
export type FileStoreSettings =
  | { readonly kind: 'disk'; readonly directory: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly region: string;
      /** Of an S3-compatible service; without it Amazon's own. */
      readonly endpoint?: string | undefined;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      /** Whether the bucket is in the path, as most services on premises want it. */
      readonly pathStyle: boolean;
    };

/** A file's content as it was found when it was written. */
export interface StoredFile {
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly sm3: string;
}

/** Where the keys of files are kept, and which algorithm new ones are for. */
export interface FileKeeper {
  readonly store: Store;
  readonly personalData: Pick<PersonalDataKeys, 'algorithm'>;
}

/** Milliseconds after which a file that nobody goes on writing was left behind by a process that died. */
const LEFT_BEHIND = 3_600_000;

/**
 * Files by key, on disk or in an S3-compatible store, sealed with a key of their own each: whoever gets at the files alone
 * can read none. What is written goes through a scratch directory, so that nothing half-written is ever under a key. Keys
 * are made here, never by clients, and another content has another key.
 */
export class FileStore {
  private constructor(
    readonly disk: Disk,
    readonly keeper: FileKeeper,
    /** Where files lie while they come in: in clear, readable by this process's owner alone, until they are sealed and put away. */
    readonly scratch: string,
  ) {}

  static async open(settings: FileStoreSettings, keeper: FileKeeper): Promise<FileStore> {
    if (settings.kind === 'disk') {
      const location = resolve(settings.directory);
      return new FileStore(
        new Disk(new FSDriver({ location, visibility: 'private' })),
        keeper,
        await cleanScratch(join(location, '.incoming')),
      );
    }
    const { bucket, region, endpoint, accessKeyId, secretAccessKey, pathStyle } = settings;
    // loaded only where it is used: the client for S3 is by far the largest thing in this process
    const { S3Driver } = await import('flydrive/drivers/s3');
    const driver = new S3Driver({
      bucket,
      region,
      forcePathStyle: pathStyle,
      ...(endpoint !== undefined && { endpoint }),
      credentials: { accessKeyId, secretAccessKey },
      visibility: 'private',
      supportsACL: false,
      // services on premises know no checksums in trailers
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    return new FileStore(new Disk(driver), keeper, await cleanScratch(join(tmpdir(), `acceptance-incoming-${bucket}`)));
  }

  /** Puts a complete file from the scratch directory under a key. */
  async adopt(key: string, path: string, size: number): Promise<void> {
    await this.#write(key, createReadStream(path), size);
  }

  async put(key: string, content: Uint8Array): Promise<void> {
    await this.#write(key, Readable.from([content]), content.byteLength);
  }

  /**
   * The content in clear; it fails with ContentUnreadable where it is not as it was written.
   * @throws Error when there is nothing under that key, or the store does not answer
   */
  async read(key: string): Promise<Readable> {
    const row = await this.keeper.store.fork().findOneOrFail(storedFiles, key);
    return through(await this.disk.getStream(key), ContentKey.parse(row.secret).open(key));
  }

  async remove(key: string): Promise<void> {
    await this.disk.delete(key);
    await this.keeper.store.fork().nativeDelete(storedFiles, { storageKey: key });
  }

  async #write(key: string, content: Readable, size: number): Promise<void> {
    const sealed = through(content, (await this.#keyOf(key)).seal(key));
    const options = { contentType: 'application/octet-stream', contentLength: ContentKey.sealedSize(size) };
    await this.disk.putStream(key, sealed, options);
  }

  /** The same for whoever writes the same file at once. */
  async #keyOf(storageKey: string): Promise<ContentKey> {
    const { store, personalData } = this.keeper;
    const known = await store.fork().findOne(storedFiles, storageKey);
    if (known !== null) return ContentKey.parse(known.secret);
    const made = ContentKey.create(personalData.algorithm);
    try {
      await transaction(store.fork(), async (tx) => tx.create(storedFiles, { storageKey, secret: made.toString() }));
      return made;
    } catch (error) {
      if (!(error instanceof UniqueConstraintViolationException)) throw error;
      return ContentKey.parse((await store.fork().findOneOrFail(storedFiles, storageKey)).secret);
    }
  }
}

/** Makes the directory, or clears it of what a process left there in clear when it died. Other instances may be at work in it. */
async function cleanScratch(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > LEFT_BEHIND) await rm(path, { recursive: true, force: true });
  }
  return directory;
}

/** What comes out of `turn`; whichever end breaks breaks the other. */
function through(content: Readable, turn: Transform): Readable {
  pipeline(content, turn, () => {});
  return turn;
}
