import type { SupergraphDocument } from '../../schema/composition/supergraph-document.js';
import { addressesOf, socketAddresses } from '../../subgraphs/kit/server/address-list.js';
import type { FetchTarget } from '../execution/subgraph-fetch.js';

/** Where one subgraph, or one department's copy of it, answers: at one address, or at those of several instances with commas. */
export interface Endpoint {
  readonly url: string;
  readonly subscriptionUrl: string;
  /** Whom an internal token for it is addressed to. */
  readonly audience: string;
}

/** The addresses that one generation knows. */
export class Endpoints {
  readonly #departments: ReadonlyMap<string, Endpoint>;
  readonly #subgraphs: ReadonlyMap<string, Endpoint>;

  constructor(departments: SupergraphDocument['departments'], subgraphs: ReadonlyArray<{ readonly name: string; readonly url: string }>) {
    this.#departments = new Map(departments.map(({ code, url, subscriptionUrl }) => [code, { url, subscriptionUrl, audience: code }]));
    this.#subgraphs = new Map(subgraphs.map(({ name, url }) => [name, { url, subscriptionUrl: socketAddresses(url), audience: name }]));
  }

  find({ subgraph, department }: FetchTarget): Endpoint | undefined {
    return department === undefined ? this.#subgraphs.get(subgraph) : this.#departments.get(department);
  }

  *urls(): Iterable<string> {
    for (const { url } of this.#departments.values()) yield* addressesOf(url);
    for (const { url } of this.#subgraphs.values()) yield* addressesOf(url);
  }
}
