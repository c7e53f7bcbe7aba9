import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import type { BuildSchemaOptions } from 'type-graphql';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function bad(name: string, expected: string): GraphQLError {
  return new GraphQLError(`${name} must be ${expected}`, { extensions: { code: 'BAD_USER_INPUT' } });
}

function literal<T>(name: string, expected: string, parse: (value: unknown) => T) {
  return (node: ValueNode): T => {
    if (node.kind !== Kind.STRING) throw bad(name, expected);
    return parse(node.value);
  };
}

function parseInstant(value: unknown): Date {
  const expected = 'an RFC 3339 instant such as 2026-11-24T01:00:00.000Z';
  // a Date takes 30 February for 2 March
  if (typeof value !== 'string' || !INSTANT.test(value) || !isDay(value.slice(0, 10))) throw bad('DateTime', expected);
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw bad('DateTime', expected);
  return date;
}

/** An instant: RFC 3339 in, UTC with milliseconds out. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: '日期时间(UTC,毫秒)。An instant: RFC 3339, UTC, milliseconds.',
  serialize: (value) => (value instanceof Date ? value : new Date(value as string | number)).toISOString(),
  parseValue: parseInstant,
  parseLiteral: literal('DateTime', 'a string', parseInstant),
});

function parseDay(value: unknown): string {
  const expected = 'a calendar day such as 2026-11-24';
  if (typeof value !== 'string' || !isDay(value)) throw bad('Date', expected);
  return value;
}

function isDay(value: string): boolean {
  if (!DAY.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === value;
}

/** A calendar day, `YYYY-MM-DD`; a string inside as outside, since a day has no zone. */
export const CalendarDay = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: '日期。A calendar day, YYYY-MM-DD.',
  serialize: (value) => parseDay(value),
  parseValue: parseDay,
  parseLiteral: literal('Date', 'a string', parseDay),
});

function parseCursor(value: unknown): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > 512) throw bad('Cursor', 'a cursor that the feed gave');
  return value;
}

/** Opaque here too: only the feed that gave a cursor reads it. */
export const Cursor = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  description: '事件流中的不透明位置,仅发出它的事件流可读。An opaque position in an event feed; only the feed that gave it can read it.',
  serialize: (value) => String(value),
  parseValue: parseCursor,
  parseLiteral: literal('Cursor', 'a string', parseCursor),
});

/** `Date` properties are instants everywhere. */
export const SCALARS: NonNullable<BuildSchemaOptions['scalarsMap']> = [{ type: Date, scalar: DateTime }];
