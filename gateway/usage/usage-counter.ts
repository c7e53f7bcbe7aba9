import type { DocumentNode, GraphQLSchema } from 'graphql';
import { operationCoordinates } from './operation-coordinates.js';
import { type OperationSignature, operationSignature } from './operation-signature.js';

/** Operations, times clients, that one report tells apart; what comes beyond is told together. */
const TOLD_APART = 1_000;
const OTHERS: OperationSignature = { hash: '0'.repeat(64), name: '(others)', text: '' };

/** What was counted of one operation of one client. */
export interface CountedOperation {
  readonly hash: string;
  readonly name: string;
  readonly document: string;
  readonly client: string;
  readonly coordinates: readonly string[];
  readonly count: number;
  readonly lastSeen: Date;
}

interface Known {
  readonly signature: OperationSignature;
  readonly coordinates: readonly string[];
}

interface Tally {
  readonly known: Known;
  readonly client: string;
  count: number;
  lastSeen: number;
}

/**
 * Counts which operations clients run and what those touch. What an operation touches is found out once per document and
 * graph; counting one more is two look-ups.
 */
export class UsageCounter {
  readonly #known = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, Map<string, Known>>>();
  #tallies = new Map<string, Tally>();

  /** @param document valid in `schema`. */
  count(document: DocumentNode, operationName: string | undefined, schema: GraphQLSchema, client: string): void {
    const known = this.#lookUp(document, operationName, schema);
    const key = `${known.signature.hash} ${client}`;
    let tally = this.#tallies.get(key);
    if (tally === undefined) {
      tally = this.#tallies.size < TOLD_APART ? { known, client, count: 0, lastSeen: 0 } : this.#others(known);
      this.#tallies.set(this.#tallies.size < TOLD_APART ? key : `${OTHERS.hash} `, tally);
    }
    tally.count++;
    tally.lastSeen = Date.now();
  }

  /** What was counted since the last call. */
  take(): CountedOperation[] {
    const taken = [...this.#tallies.values()];
    this.#tallies = new Map();
    return taken.map(({ known: { signature, coordinates }, client, count, lastSeen }) => ({
      hash: signature.hash,
      name: signature.name,
      document: signature.text,
      client,
      coordinates,
      count,
      lastSeen: new Date(lastSeen),
    }));
  }

  /** One entry for all that is too much to tell apart: no use of a member may be missed. */
  #others({ coordinates }: Known): Tally {
    const before = this.#tallies.get(`${OTHERS.hash} `);
    const all = new Set([...(before?.known.coordinates ?? []), ...coordinates]);
    return { known: { signature: OTHERS, coordinates: [...all].sort() }, client: '(others)', count: before?.count ?? 0, lastSeen: 0 };
  }

  #lookUp(document: DocumentNode, operationName: string | undefined, schema: GraphQLSchema): Known {
    let documents = this.#known.get(schema);
    if (documents === undefined) this.#known.set(schema, (documents = new WeakMap()));
    let operations = documents.get(document);
    if (operations === undefined) documents.set(document, (operations = new Map()));
    let known = operations.get(operationName ?? '');
    if (known === undefined) {
      known = { signature: operationSignature(document, operationName), coordinates: operationCoordinates(document, schema) };
      operations.set(operationName ?? '', known);
    }
    return known;
  }
}
