import { type EntityProperty, type Platform, p, Type } from '@mikro-orm/core';
import type { SensitiveKind } from './masks.js';
import { hasStoreKeys, keysOfStore } from './store-keys.js';

/**
 * A column that holds personal data: sealed in the database, clear in the row, so that rules read it like any other.
 * Equal texts look different in the database; it can't be searched, but for a digest beside it.
 * MikroORM copies a type for every store and tells the copy which one it is; #private members would not survive that.
 */
export abstract class SealedColumn<T> extends Type<T, unknown> {
  constructor(
    readonly context: string,
    readonly kind: SensitiveKind,
  ) {
    super();
  }

  protected abstract textOf(value: T): string;
  protected abstract valueFrom(text: string): T;
  /** As the driver takes it, and as it gives it. */
  abstract written(sealed: string): string;
  abstract readText(value: unknown): string;

  override convertToDatabaseValue(value: T | null | undefined, platform: Platform): unknown {
    if (value == null) return value;
    return this.written(keysOfStore(platform).seal(this.textOf(value), this.context));
  }

  override convertToJSValue(value: unknown, platform: Platform): T {
    if (value == null) return value as T;
    return this.valueFrom(keysOfStore(platform).open(this.readText(value), this.context));
  }

  /** Two seals of one text differ, and are no change of the row. */
  override compareValues(a: unknown, b: unknown): boolean {
    if (a == null || b == null) return a == b;
    return a === b || (this.opened(a) ?? a) === (this.opened(b) ?? b);
  }

  // the value as it came is compared by what it holds; sealing it once more would be for nothing
  override ensureComparable(): boolean {
    return false;
  }

  private opened(value: unknown): string | undefined {
    try {
      return keysOfStore(this.platform as Platform).open(this.readText(value), this.context);
    } catch {
      return undefined;
    }
  }
}

export class SealedText extends SealedColumn<string> {
  constructor(
    context: string,
    kind: SensitiveKind,
    /** The column beside it that holds its digest, if it can be looked up. */
    readonly hashedIn?: string,
  ) {
    super(context, kind);
  }

  protected textOf(value: string): string {
    return value;
  }
  protected valueFrom(text: string): string {
    return text;
  }
  written(sealed: string): string {
    return sealed;
  }
  readText(value: unknown): string {
    return String(value);
  }
  override getColumnType(prop: EntityProperty, platform: Platform): string {
    return platform.getTextTypeDeclarationSQL(prop);
  }
}

/** In a JSON column, which was there before anything was sealed: the seal is a JSON string in it. */
class SealedJson<T> extends SealedColumn<T> {
  protected textOf(value: T): string {
    return JSON.stringify(value);
  }
  protected valueFrom(text: string): T {
    return JSON.parse(text) as T;
  }
  written(sealed: string): string {
    return JSON.stringify(sealed);
  }
  /** Some drivers parse what is in a JSON column, some don't. */
  readText(value: unknown): string {
    if (typeof value !== 'string') return JSON.stringify(value);
    return value.startsWith('"') ? (JSON.parse(value) as string) : value;
  }
  override getColumnType(_prop: EntityProperty, platform: Platform): string {
    return platform.getJsonDeclarationSQL();
  }
}

/** In a table that many stores have: sealed in those that keep personal data, which are opened with keys, and plain in the others. */
class SealedJsonWhereKept<T> extends SealedJson<T> {
  override convertToDatabaseValue(value: T | null | undefined, platform: Platform): unknown {
    if (value == null || hasStoreKeys(platform)) return super.convertToDatabaseValue(value, platform);
    return this.textOf(value);
  }
  override convertToJSValue(value: unknown, platform: Platform): T {
    if (value == null || hasStoreKeys(platform)) return super.convertToJSValue(value, platform);
    return this.valueFrom(this.readText(value));
  }
}

/**
 * @param context `table.column`, which the seal is bound to; it never changes
 * @param hashedIn the column beside it that holds its digest
 */
export function sealedText(kind: SensitiveKind, context: string, hashedIn?: string) {
  return p.type(new SealedText(context, kind, hashedIn)).$type<string>();
}

/** @param context like {@link sealedText}'s */
export function sealedJson<T>(context: string) {
  return p.type(new SealedJson<T>(context, 'WRITING')).$type<T>();
}

/** @param context like {@link sealedText}'s */
export function sealedJsonWhereKept<T>(context: string) {
  return p.type(new SealedJsonWhereKept<T>(context, 'WRITING')).$type<T>();
}
