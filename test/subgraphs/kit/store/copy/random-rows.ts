import type { ColumnKind, CopiedTable } from '../../../../../subgraphs/kit/store/copy/copied-tables.js';
import type { RawRow, RawValue } from '../../../../../subgraphs/kit/store/copy/raw-store.js';

/** What dialects are known to treat differently: quotes, backslashes, case, accents, blanks at the end, planes, nothing. */
const PIECES = ["'", '"', '\\', '\\n', '\n', '%', '河南', '受理', '🏛️', '𠮷', 'é', 'E', ' ', '', '0', '1e5', 'null', '{}', '\u0001', '￿'];

/** mulberry32: the same rows for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Rows that every dialect can keep; no two have the same first column, nor the same value in any column that is text. */
export function randomRows(
  table: CopiedTable,
  count: number,
  random: () => number,
  limits: ReadonlyMap<string, { length: number; nullable: boolean }>,
): RawRow[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const text = (n: number, length: number) => {
    let value = n.toString(36).padStart(2, '0');
    for (let piece = 0; piece < 6; piece++) {
      const more = value + pick(PIECES);
      // MySQL counts code points
      if (Array.from(more).length > length) break;
      value = more;
    }
    return value;
  };
  const json = (n: number, depth: number): unknown => {
    const kind = Math.floor(random() * (depth > 2 ? 5 : 7));
    if (kind === 0) return text(n, 40);
    if (kind === 1) return Math.floor(random() * 1e9);
    if (kind === 2) return random() * 1e6;
    if (kind === 3) return random() < 0.5;
    if (kind === 4) return null;
    if (kind === 5) return Array.from({ length: 3 }, () => json(n, depth + 1));
    return Object.fromEntries(Array.from({ length: 3 }, (_, index) => [`${pick(['z', 'a', '名', 'B'])}${index}`, json(n, depth + 1)]));
  };
  const values: Record<ColumnKind, (n: number, length: number) => RawValue> = {
    text,
    integer: (n) => String(n),
    double: () => random() * 1e6,
    datetime: () => Math.floor(random() * 4e12),
    json: (n) => JSON.stringify(json(n, 0)),
    blob: () => Buffer.from(Array.from({ length: 20 }, () => Math.floor(random() * 256))),
  };
  return Array.from({ length: count }, (_, n) =>
    table.columns.map(({ name, kind }) => {
      const { length, nullable } = limits.get(`${table.name}.${name}`) ?? { length: 40, nullable: false };
      return nullable && random() < 0.3 ? null : values[kind](n, length);
    }),
  );
}
