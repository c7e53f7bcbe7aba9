import { type ClassType, Directive, Field, Int, ObjectType } from 'type-graphql';
import { CataloguedError } from '../errors/catalogued-error.js';
import { isFeedCursor } from '../feed/cursor.js';

/** How many rows a page may have. */
export const PAGE_LIMIT = 200;

// every subgraph with a list has it, and they must compose
@Directive('@shareable')
@ObjectType({ description: '分页信息。Where a page ends, and whether more follows.' })
export class PageInfo {
  @Field() hasNextPage!: boolean;
  @Field(() => String, { nullable: true, description: '下一页从此之后开始。Pass it as `after` for the next page.' }) endCursor!:
    | string
    | null;
}

export interface Edge<T> {
  cursor: string;
  node: T;
}

export interface Connection<T> {
  edges: Edge<T>[];
  nodes: T[];
  pageInfo: PageInfo;
  /** Counted only when it is asked for. */
  readonly totalCount: Promise<number>;
}

/** Makes the `XConnection` and `XEdge` types of a list, after the GraphQL Cursor Connections specification, with `nodes` as a short cut. */
export function connectionType<T extends object>(name: string, nodeType: ClassType<T>) {
  @ObjectType(`${name}Edge`)
  class EdgeType {
    @Field() cursor!: string;
    @Field(() => nodeType) node!: T;
  }
  @ObjectType(`${name}Connection`, { description: '分页列表。A page of a list.' })
  class ConnectionType {
    @Field(() => [EdgeType]) edges!: EdgeType[];
    @Field(() => [nodeType], { description: '仅行,无游标。The rows without their cursors.' }) nodes!: T[];
    @Field(() => PageInfo) pageInfo!: PageInfo;
    @Field(() => Int, { description: '符合条件的总数。How many rows match in all.' }) totalCount!: number;
  }
  return ConnectionType;
}

/** @throws CataloguedError BAD_USER_INPUT when `first` is not between 1 and {@link PAGE_LIMIT}. */
export function pageSize(first: number): number {
  if (first < 1 || first > PAGE_LIMIT)
    throw new CataloguedError('BAD_USER_INPUT', `first must be between 1 and ${PAGE_LIMIT}, not ${first}`);
  return first;
}

/** The place of a row in a sorted list: the values it is sorted by. Opaque to clients. */
export function encodePosition(list: string, values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...values])).toString('base64url');
}

/** @throws CataloguedError CURSOR_INVALID for what is no cursor, CURSOR_FOREIGN for one of another list or of a feed. */
export function decodePosition(list: string, cursor: string, length: number): (string | number)[] {
  if (isFeedCursor(cursor))
    throw new CataloguedError('CURSOR_FOREIGN', '`after` was given by a feed, and no list; use `pageInfo.endCursor` as it was given');
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new CataloguedError('CURSOR_INVALID', '`after` is no cursor of a list; use `pageInfo.endCursor` as it was given');
  }
  if (!Array.isArray(parsed) || !parsed.every((value) => typeof value === 'string' || typeof value === 'number')) {
    throw new CataloguedError('CURSOR_INVALID', '`after` is no cursor of a list; use `pageInfo.endCursor` as it was given');
  }
  const [name, ...values] = parsed;
  if (name !== list || values.length !== length) throw new CataloguedError('CURSOR_FOREIGN', '`after` was given by another list');
  return values;
}

/** Cuts a page from rows that were read with one to spare. */
export function connection<T>(
  rows: readonly T[],
  first: number,
  cursorOf: (row: T) => string,
  totalCount: () => Promise<number>,
): Connection<T> {
  const page = rows.slice(0, first);
  const edges = page.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    nodes: page,
    pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
    get totalCount() {
      return totalCount();
    },
  };
}
