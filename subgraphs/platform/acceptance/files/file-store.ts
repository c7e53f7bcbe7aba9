import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';

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

/**
 * Files by key, on disk or in an S3-compatible store. What is written goes through a scratch directory, so that nothing
 * half-written is ever under a key. Keys are made here, never by clients.
 */
export class FileStore implements AsyncDisposable {
  private constructor(
    readonly disk: Disk,
    /** Where files lie while they come in. */
    readonly scratch: string,
    readonly temporary: boolean,
  ) {}

  static async open(settings: FileStoreSettings): Promise<FileStore> {
    if (settings.kind === 'disk') {
      const location = resolve(settings.directory);
      const scratch = join(location, '.incoming');
      await mkdir(scratch, { recursive: true });
      return new FileStore(new Disk(new FSDriver({ location, visibility: 'private' })), scratch, false);
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
    return new FileStore(new Disk(driver), await mkdtemp(join(tmpdir(), 'acceptance-files-')), true);
  }

  /** Puts a complete file from the scratch directory under a key. */
  async adopt(key: string, path: string, { size, mediaType }: { size: number; mediaType: string }): Promise<void> {
    await this.disk.putStream(key, createReadStream(path), { contentType: mediaType, contentLength: size });
  }

  async put(key: string, content: Uint8Array, mediaType: string): Promise<void> {
    await this.disk.put(key, content, { contentType: mediaType, contentLength: content.byteLength });
  }

  /** @throws Error when there is nothing under that key, or the store does not answer */
  read(key: string): Promise<Readable> {
    return this.disk.getStream(key);
  }

  async readAll(key: string): Promise<Uint8Array> {
    return this.disk.getBytes(key);
  }

  async remove(key: string): Promise<void> {
    await this.disk.delete(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.temporary) await rm(this.scratch, { recursive: true, force: true });
  }
}
