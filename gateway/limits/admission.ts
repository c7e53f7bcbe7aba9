import { type DocumentNode, parse } from 'graphql';
import { LeastRecentlyUsed } from '../planning/least-recently-used.js';
import { MAX_TOKENS, refuseDeepNesting } from '../server/document-limits.js';
import { refuseLargeDocument } from './document-size.js';
import { DEFAULT_OPERATION_LIMITS, type OperationLimits, refuseMoreThan, tooLarge } from './operation-limits.js';
import type { TrustedDocuments } from './trusted-documents.js';
import { refuseLargeVariables } from './variables-size.js';

export interface AdmissionOptions {
  readonly limits?: Partial<OperationLimits> | undefined;
  /** The only documents that may run; absent: all may. */
  readonly trusted?: TrustedDocuments | undefined;
}

/** Texts that were found small enough. */
const REMEMBERED = 1_000;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Looks at what clients send, over every transport, before anything is done with it. */
export class Admission {
  readonly limits: OperationLimits;
  readonly trusted: TrustedDocuments | undefined;
  readonly #admitted = new LeastRecentlyUsed<string, true>(REMEMBERED);

  constructor({ limits, trusted }: AdmissionOptions = {}) {
    this.limits = { ...DEFAULT_OPERATION_LIMITS, ...limits };
    this.trusted = trusted;
  }

  /**
   * Returns the request as it is to be run: with its document's text where only trusted documents run. What is no
   * request passes, for others to say so.
   * @throws CataloguedError OPERATION_TOO_LARGE, BAD_USER_INPUT, DOCUMENT_NOT_TRUSTED
   */
  admit<R extends object>(request: R): R {
    let admitted: Record<string, unknown> = request as Record<string, unknown>;
    if (this.trusted !== undefined) {
      const query = this.trusted.textOf(admitted);
      const { documentId: _, extensions, ...rest } = admitted;
      admitted = { ...rest, query, ...(isObject(extensions) && { extensions: withoutPersisted(extensions) }) };
    }
    const { query, variables } = admitted;
    if (typeof query === 'string') this.#admitDocument(query);
    if (isObject(variables)) refuseLargeVariables(variables, this.limits);
    return admitted as R;
  }

  /** @throws CataloguedError OPERATION_TOO_LARGE */
  admitBatch(requests: readonly unknown[]): void {
    if (this.limits.batch > 0) refuseMoreThan(this.limits.batch, requests.length, 'operations in one batch');
  }

  #admitDocument(text: string): void {
    if (this.#admitted.get(text) === true) return;
    if (text.length > this.limits.documentLength) throw tooLarge(this.limits.documentLength, 'characters in its document');
    refuseDeepNesting(text, 'document');
    let document: DocumentNode;
    try {
      document = parse(text, { maxTokens: MAX_TOKENS, noLocation: true });
    } catch {
      // whoever runs it says what is wrong
      return;
    }
    refuseLargeDocument(document, this.limits);
    this.#admitted.set(text, true);
  }
}

function withoutPersisted(extensions: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extensions).filter(([name]) => name !== 'persistedQuery'));
}
