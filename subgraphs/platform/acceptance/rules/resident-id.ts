/** GB 11643-1999, 4.1: the weight of each of the first 17 characters. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
/** GB 11643-1999, 4.2: the check character for each remainder modulo 11. */
const CHECK = '10X98765432';
/** GB/T 2260: the province-level prefixes, with 83 for residence permits of Taiwan compatriots. */
const PROVINCES: ReadonlySet<string> = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
);
/** Nobody alive was born before; an older date is a slip of the pen. */
const EARLIEST_YEAR = 1900;

/** What is wrong with a number. It never repeats the number. */
export type ResidentIdFault = 'LENGTH' | 'REGION' | 'BIRTH_DATE' | 'CHECK_DIGIT';

/** Surrounding blanks go, and a small x becomes the X that the standard has. */
export function normaliseResidentId(text: string): string {
  return text.trim().toUpperCase();
}

/**
 * The first fault of a resident identity number (公民身份号码), undefined when it has none.
 * @param number as {@link normaliseResidentId} returns it
 * @param today the day it is in China, `YYYY-MM-DD`: nobody is born after it
 */
export function residentIdFault(number: string, today: string): ResidentIdFault | undefined {
  if (!/^\d{17}[\dX]$/.test(number)) return 'LENGTH';
  if (!PROVINCES.has(number.slice(0, 2))) return 'REGION';
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isDay(birth) || Number(birth.slice(0, 4)) < EARLIEST_YEAR || birth > today) return 'BIRTH_DATE';
  return residentIdCheck(number.slice(0, 17)) === number[17] ? undefined : 'CHECK_DIGIT';
}

/** The check character of the first 17 digits. */
export function residentIdCheck(digits: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return CHECK[sum % 11] as string;
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}
