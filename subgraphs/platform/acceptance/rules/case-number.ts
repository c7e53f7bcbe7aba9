import { type Day, shanghaiDay } from '../../../kit/calendar/working-calendar.js';

/**
 * The unified acceptance number of a case (统一受理编号):
 *
 *     410000  DRUG  20261124  000017  K
 *     region  dept  day       count   check
 *
 * - region: the province, GB/T 2260
 * - dept: 2 to 4 letters or digits that stand for one department for ever (department-letters.ts)
 * - day: the day of acceptance in Asia/Shanghai
 * - count: which case of that department and day it is, from 000001, without a gap
 * - check: ISO/IEC 7064 MOD 37,36 over everything before it; it catches every single wrong character and nearly every
 *   exchange of two neighbours
 *
 * It is opaque to everybody else: what it is made of may be read by people, never by programs.
 */
const REGION = '410000';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const COUNT_DIGITS = 6;
const LAST_COUNT = 10 ** COUNT_DIGITS - 1;

export interface CaseNumberParts {
  /** What stands for the department, see department-letters.ts. */
  letters: string;
  day: Day;
  /** From 1. */
  count: number;
}

/** @throws RangeError when a department has more cases in a day than the number can count. */
export function caseNumber({ letters, day, count }: CaseNumberParts): string {
  if (!Number.isInteger(count) || count < 1 || count > LAST_COUNT) throw new RangeError(`a case number counts from 1 to ${LAST_COUNT}`);
  const body = `${REGION}${letters}${day.replaceAll('-', '')}${String(count).padStart(COUNT_DIGITS, '0')}`;
  return body + checkCharacter(body);
}

/** The day a case accepted at this instant is counted under. */
export function caseDay(acceptedAt: Date): Day {
  return shanghaiDay(acceptedAt);
}

/** Whether a text could be a case number: right shape and right check character. */
export function isCaseNumber(text: string): boolean {
  return /^410000[0-9A-Z]{2,4}\d{14}[0-9A-Z]$/.test(text) && checkCharacter(text.slice(0, -1)) === text.at(-1);
}

/** ISO/IEC 7064:2003, 9 (hybrid systems), with M = 36. */
export function checkCharacter(body: string): string {
  const modulus = ALPHABET.length;
  let product = modulus;
  for (const character of body) {
    const sum = (product + ALPHABET.indexOf(character)) % modulus || modulus;
    product = (sum * 2) % (modulus + 1);
  }
  return ALPHABET[(modulus + 1 - product) % modulus] as string;
}
