import { createHash } from 'node:crypto';
import type { CopiedTable } from './copied-tables.js';
import type { RawRow } from './raw-store.js';

const MODULUS = 1n << 256n;

/** How many rows a table has, and what tells its content from another one's. */
export interface TableContent {
  readonly rows: number;
  /** SHA-256 of each row, added up: the same in whichever order a store gives them. */
  readonly hash: string;
}

/** Adds up a table's rows; the same content gives the same digest in every dialect. */
export class TableDigest {
  readonly #json: readonly boolean[];
  #rows = 0;
  #sum = 0n;

  constructor({ columns }: CopiedTable) {
    this.#json = columns.map(({ kind }) => kind === 'json');
  }

  add(row: RawRow): void {
    const values = row.map((value, index) => {
      if (Buffer.isBuffer(value)) return { bytes: value.toString('base64') };
      // stores order members and write numbers as they like
      return value !== null && this.#json[index] === true ? { json: canonical(JSON.parse(String(value))) } : value;
    });
    this.#rows++;
    this.#sum = (this.#sum + BigInt(`0x${createHash('sha256').update(JSON.stringify(values)).digest('hex')}`)) % MODULUS;
  }

  get content(): TableContent {
    return { rows: this.#rows, hash: this.#sum.toString(16).padStart(64, '0') };
  }
}

/** The same text for equal JSON: members in the order of their names. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

export const sameContent = (one: TableContent, other: TableContent): boolean => one.rows === other.rows && one.hash === other.hash;
