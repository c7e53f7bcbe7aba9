import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { PersonalDataKeys } from '../../subgraphs/kit/privacy/personal-data-keys.js';
import type { SealAlgorithm } from '../../subgraphs/kit/privacy/seal-algorithm.js';
import { fixedSecrets } from '../../subgraphs/kit/privacy/secret-source.js';

/** For a subgraph that keeps no personal data: it is given no key, and finds out if it keeps some after all. */
export class NoPersonalData extends PersonalDataKeys {
  constructor(algorithm: SealAlgorithm) {
    super(algorithm, fixedSecrets([]));
  }

  override get currentId(): string {
    return this.#refuse();
  }

  override get currentPrefix(): string {
    return this.#refuse();
  }

  override refresh(): boolean {
    return false;
  }

  override seal(): string {
    return this.#refuse();
  }

  override open(): string {
    return this.#refuse();
  }

  override hash(): string {
    return this.#refuse();
  }

  override hashes(): string[] {
    return this.#refuse();
  }

  #refuse(): never {
    throw new CataloguedError('CONFIGURATION_INVALID', 'this subgraph has no keys of personal data: it is known as one that keeps none');
  }
}
