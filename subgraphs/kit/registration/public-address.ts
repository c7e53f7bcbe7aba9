import { CataloguedError } from '../errors/catalogued-error.js';
import { addressesOf, socketAddresses } from '../server/address-list.js';

/** Where a subgraph is reached, over HTTP and over graphql-transport-ws; several instances' addresses have commas between them. */
export interface SubgraphAddress {
  /** http:// or https:// */
  readonly url: string;
  /** ws:// or wss:// */
  readonly subscriptionUrl: string;
}

/**
 * The address others are told: the one the subgraph listens on, unless a public one is set (behind a proxy, in a container).
 * @throws CataloguedError CONFIGURATION_INVALID when the public one is no absolute http(s) URL, or several of them.
 */
export function publicAddress(publicUrl: string | undefined, { url, subscriptionUrl }: SubgraphAddress): SubgraphAddress {
  if (publicUrl === undefined) return { url, subscriptionUrl };
  if (addressesOf(publicUrl).some((address) => !/^https?:\/\//i.test(address) || !URL.canParse(address))) {
    throw new CataloguedError('CONFIGURATION_INVALID', 'the public URL must be an absolute http:// or https:// URL');
  }
  return { url: publicUrl, subscriptionUrl: socketAddresses(publicUrl) };
}
