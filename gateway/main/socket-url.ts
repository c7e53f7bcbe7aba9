import { socketAddresses } from '../../subgraphs/kit/server/address-list.js';

/** The graphql-transport-ws address beside an HTTP one, or one beside each of several. */
export function socketUrl(url: string): string {
  return socketAddresses(url);
}
