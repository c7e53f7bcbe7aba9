import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';

/** The documents that may run, by the SHA-256 of their text in hexadecimal. */
export class TrustedDocuments {
  readonly #byId: ReadonlyMap<string, string>;

  constructor(documents: Iterable<readonly [id: string, text: string]>) {
    this.#byId = new Map(documents);
  }

  get size(): number {
    return this.#byId.size;
  }

  /**
   * Reads a manifest: `{"<id>": "<text>"}` as Relay and graphql-codegen write it, or Apollo's
   * `{"format": "apollo-persisted-query-manifest", "operations": [{"id", "body"}]}`.
   * @throws CataloguedError CONFIGURATION_INVALID when there is none, or an id is not its document's hash.
   */
  static async read(file: string): Promise<TrustedDocuments> {
    const invalid = (why: string) =>
      new CataloguedError('CONFIGURATION_INVALID', `GATEWAY_TRUSTED_DOCUMENTS is ${JSON.stringify(file)}: ${why}`);
    let manifest: unknown;
    try {
      manifest = JSON.parse(await readFile(file, 'utf8'));
    } catch (error) {
      throw invalid(error instanceof SyntaxError ? 'it is no JSON' : 'it can not be read');
    }
    const entries = entriesOf(manifest);
    if (entries === undefined) throw invalid('it is no manifest of documents by id');
    const wrong = entries.find(([id, text]) => hashOf(text) !== id);
    if (wrong !== undefined) throw invalid(`the document ${wrong[0].slice(0, 80)} is not the one with that SHA-256`);
    return new TrustedDocuments(entries);
  }

  /**
   * The text of what a request asks to run: by `documentId`, by Apollo's `extensions.persistedQuery.sha256Hash`, or by a text
   * that is registered word for word.
   * @throws CataloguedError DOCUMENT_NOT_TRUSTED, alike for what is unknown and what is not registered.
   */
  textOf({ query, documentId, extensions }: Readonly<Record<string, unknown>>): string {
    const hash = (extensions as { persistedQuery?: { sha256Hash?: unknown } } | null | undefined)?.persistedQuery?.sha256Hash;
    const id = documentId ?? hash ?? (typeof query === 'string' ? hashOf(query) : undefined);
    const text = typeof id === 'string' ? this.#byId.get(id.replace(/^sha256:/, '')) : undefined;
    if (text === undefined || (typeof query === 'string' && query !== text)) {
      throw new CataloguedError('DOCUMENT_NOT_TRUSTED', 'this gateway runs registered documents only', { http: { status: 403 } });
    }
    return text;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function entriesOf(manifest: unknown): [string, string][] | undefined {
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  const { operations } = manifest as { operations?: unknown };
  const entries: [unknown, unknown][] = Array.isArray(operations)
    ? operations.map((operation: { id?: unknown; body?: unknown } | null) => [operation?.id, operation?.body])
    : Object.entries(manifest);
  return entries.every((entry) => entry.every((part) => typeof part === 'string')) ? (entries as [string, string][]) : undefined;
}
