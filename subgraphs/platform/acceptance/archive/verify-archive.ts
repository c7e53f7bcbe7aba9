import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { JSONWebKeySet } from 'jose';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { verifySealed } from '../certificates/certificate-seal.js';
import { ContentHashes } from '../files/content-hashes.js';
import { DOSSIER_TYPE, type DossierManifest, type DossierSeal, KEYS_FILE, MANIFEST_FILE, SEAL_FILE } from './dossier-format.js';
import { packDossier } from './pack-dossier.js';

/** Bytes of what describes a dossier; a manifest of thousands of files is far below. */
const LARGEST_DESCRIPTION = 16 * 1024 * 1024;

export interface ArchiveVerification {
  readonly valid: boolean;
  /** Everything that is wrong, each in a sentence; empty when nothing is. */
  readonly problems: readonly string[];
  /** Null when it can't even be read. */
  readonly manifest: DossierManifest | null;
  /** Whether the seal was checked with keys from elsewhere: those in the dossier prove that it is whole, not whose it is. */
  readonly authentic: boolean;
}

/**
 * Verifies a dossier file: the seal over the manifest, the manifest's hash of every file, and that the container has nothing
 * else in it, down to the last byte.
 */
export async function verifyArchive(path: string, keys?: JSONWebKeySet): Promise<ArchiveVerification> {
  const problems: string[] = [];
  let manifest: DossierManifest | null = null;
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true });
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entry);
    manifest = await checkContents(zip, entries, keys, problems);
    if (problems.length === 0 && !(await isPackedSo(zip, entries, path)))
      problems.push('the container has bytes that are not of a dossier');
  } catch (error) {
    problems.push(`it is not readable as a dossier: ${(error as Error).message}`);
  } finally {
    zip?.close();
  }
  const valid = problems.length === 0;
  return { valid, problems, manifest, authentic: valid && keys !== undefined };
}

async function checkContents(
  zip: ZipFile,
  entries: readonly Entry[],
  keys: JSONWebKeySet | undefined,
  problems: string[],
): Promise<DossierManifest> {
  const description = async (name: string): Promise<Buffer> => {
    const entry = entries.find(({ fileName }) => fileName === name);
    if (entry === undefined) throw new Error(`${name} is missing`);
    if (entry.uncompressedSize > LARGEST_DESCRIPTION) throw new Error(`${name} is too large`);
    return buffer(await zip.openReadStreamPromise(entry));
  };
  const manifestBytes = await description(MANIFEST_FILE);
  const manifest = JSON.parse(manifestBytes.toString()) as DossierManifest;
  const included = JSON.parse((await description(KEYS_FILE)).toString()) as JSONWebKeySet;
  const signed = (await description(SEAL_FILE)).toString();
  const seal = (await verifySealed(signed, DOSSIER_TYPE, keys ?? included)) as DossierSeal | undefined;
  if (seal === undefined) problems.push('the seal is not good');
  else if (seal.manifestSha256 !== createHash('sha256').update(manifestBytes).digest('hex'))
    problems.push('the manifest is not the one that was sealed');
  else if (seal.caseNumber !== manifest.caseNumber) problems.push('the seal is of another case');

  const expected = [...manifest.entries.map((entry) => entry.path), MANIFEST_FILE, SEAL_FILE, KEYS_FILE];
  const found = entries.map(({ fileName }) => fileName);
  for (const name of expected.filter((path) => !found.includes(path))) problems.push(`${name} is missing`);
  for (const name of found.filter((path) => !expected.includes(path))) problems.push(`${name} does not belong to it`);
  // of two entries with one name, whoever unpacks it may see the one that nobody checked
  for (const name of new Set(found.filter((path, index) => found.indexOf(path) !== index)))
    problems.push(`${name} is in it more than once`);
  for (const { path, size, sha256, sm3 } of manifest.entries) {
    const entry = entries.find(({ fileName }) => fileName === path);
    if (entry === undefined) continue;
    try {
      const hashes = new ContentHashes();
      for await (const chunk of await zip.openReadStreamPromise(entry)) hashes.update(chunk as Uint8Array);
      const is = hashes.digest();
      if (is.size !== size || is.sha256 !== sha256 || is.sm3 !== sm3) problems.push(`${path} was changed`);
    } catch (error) {
      problems.push(`${path} is not readable: ${(error as Error).message}`);
    }
  }
  return manifest;
}

/** Packs what is in the file again and compares the bytes. */
async function isPackedSo(zip: ZipFile, entries: readonly Entry[], path: string): Promise<boolean> {
  const parts = entries.map((entry) => ({
    path: entry.fileName,
    size: entry.uncompressedSize,
    open: () => zip.openReadStreamPromise(entry),
  }));
  return (await sha256Of(packDossier(parts))) === (await sha256Of(createReadStream(path)));
}

async function sha256Of(content: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
