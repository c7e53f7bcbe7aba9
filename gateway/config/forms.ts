import { z } from 'zod';
import { addressesOf } from '../../subgraphs/kit/server/address-list.js';

// Forms of values as text. Each says what is allowed in words that follow "allowed:".

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const MEBIBYTE = 1_048_576;

/** A whole number; without `otherwise` it may be left out. */
export function whole(least: number, most: number): z.ZodType<number, string>;
export function whole(least: number, most: number, otherwise: number): z.ZodType<number, string | undefined>;
export function whole(least: number, most: number, otherwise?: number): z.ZodType<number, string | undefined> {
  const form = z
    .string()
    .refine(
      (value) => /^\d{1,12}$/.test(value) && Number(value) >= least && Number(value) <= most,
      `a whole number from ${least} to ${most}`,
    )
    .transform(Number);
  return otherwise === undefined ? form : form.default(otherwise);
}

/** A share of all, 0 to 1. */
export const share = (otherwise: number): z.ZodType<number, string | undefined> =>
  z
    .string()
    .refine((value) => /^(0(\.\d{1,9})?|1(\.0{1,9})?)$/.test(value), 'a number from 0 to 1')
    .transform(Number)
    .default(otherwise);

export const text = z.string().min(1, 'a text that is not empty');

const isHttp = (value: string) => /^https?:$/.test(URL.parse(value)?.protocol ?? '');
export const httpUrl = z
  .string()
  .refine((value) => addressesOf(value).length === 1 && isHttp(value), 'an http:// or https:// address, and one only');
/** One, or those of several instances of one part. */
export const httpUrls = z
  .string()
  .refine((value) => addressesOf(value).every(isHttp), 'an http:// or https:// address, or those of several instances with commas');

export const redisUrl = z.string().regex(/^rediss?:\/\//, 'redis://host:port or rediss://…');

export const storeUrl = z
  .string()
  .regex(/^(memory:$|file:|mysql:\/\/|mariadb:\/\/)/, 'memory:, file:DIRECTORY, mysql://user:password@host:port/prefix or mariadb://…');

/** `true` and `false` are taken for what they mean. */
export const flag = z.enum(['on', 'off', 'true', 'false'], 'on or off').transform((value) => value === 'on' || value === 'true');

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) => z.enum(values, values.join(', '));

/** Parts with commas between them. */
export const listOf = (what: string, item: RegExp) =>
  z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .refine((parts) => parts.every((part) => item.test(part)), what);

/** `code=number` pairs with commas between them. */
export const perDepartment = (what: string) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9-]*=\d{1,6}(,[a-z][a-z0-9-]*=\d{1,6})*$/, `pairs of department code and ${what}, e.g. drug=2000,transport=8000`)
    .transform(
      (value): Record<string, number> =>
        Object.fromEntries(value.split(',').map((pair) => [pair.split('=')[0], Number(pair.split('=')[1])])),
    );
