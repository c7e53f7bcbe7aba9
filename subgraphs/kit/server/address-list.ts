/** A comma before another address; one within an address belongs to it. */
const BETWEEN = /\s*,\s*(?=(?:https?|wss?):\/\/)/i;

/**
 * The addresses of a part's instances. One is the common case: behind a balancer, or a single instance. Where there is no
 * balancer, an address names all instances, with commas; whoever calls goes to the next one when one does not answer.
 */
export function addressesOf(list: string): readonly string[] {
  return list.split(BETWEEN);
}

/** A list of addresses with each of them changed. */
export function mapAddresses(list: string, change: (address: string) => string): string {
  return addressesOf(list).map(change).join(',');
}

/** The graphql-transport-ws addresses beside HTTP ones. */
export function socketAddresses(list: string): string {
  return mapAddresses(list, (address) => address.replace(/^http/i, 'ws'));
}

/** Goes around the addresses of a list that may change: stays with one until it is told to go on. */
export class AddressTurn {
  #at: number;

  /** @param at where to begin; somewhere when left out, so that callers spread */
  constructor(at = Math.floor(Math.random() * 1_024)) {
    this.#at = at;
  }

  /** The present address. */
  of(list: string): string {
    const addresses = addressesOf(list);
    return addresses[this.#at % addresses.length] as string;
  }

  /** Goes on to the next one, for what does not answer here. */
  next(): void {
    this.#at++;
  }
}
