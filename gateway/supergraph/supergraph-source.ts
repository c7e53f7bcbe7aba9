import type { SupergraphDocument } from '../../schema/composition/supergraph-document.js';

export type DocumentOrigin = 'registry' | 'disk' | 'file';

/** Takes a document. Resolves to undefined when it went into service, or to what is wrong with it; then the one before serves on. */
export type OfferDocument = (document: SupergraphDocument, origin: DocumentOrigin) => Promise<Error | undefined>;

/** Where supergraph documents come from. */
export interface SupergraphSource {
  /** Whether the registry answered when it was last asked; undefined where no registry is asked. */
  readonly registryReachable: boolean | undefined;
  /**
   * Offers a first document where one is to be had, then every later one, in order, one at a time.
   * Disposing the result ends that.
   */
  follow(offer: OfferDocument): Promise<AsyncDisposable>;
}
