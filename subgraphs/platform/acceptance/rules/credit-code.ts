/** GB 32100-2015, table 2: the digits and capitals without I, O, S, V, Z. A character's value is its place. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const MODULUS = 31;

/** What is wrong with a code. It never repeats the code. */
export type CreditCodeFault = 'FORMAT' | 'CHECK_CHARACTER';

/** Surrounding blanks go, and letters are written as capitals, as the standard has them. */
export function normaliseCreditCode(text: string): string {
  return text.trim().toUpperCase();
}

/**
 * The first fault of a unified social credit code (统一社会信用代码), undefined when it has none.
 * @param code as {@link normaliseCreditCode} returns it
 */
export function creditCodeFault(code: string): CreditCodeFault | undefined {
  // department, kind of body, six digits of region (GB/T 2260), nine of the body's own, check
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code)) return 'FORMAT';
  return creditCodeCheck(code.slice(0, 17)) === code[17] ? undefined : 'CHECK_CHARACTER';
}

/** The check character of the first 17 characters (GB 32100-2015, 5.2.5): weights are the powers of 3 modulo 31. */
export function creditCodeCheck(body: string): string {
  let weight = 1;
  let sum = 0;
  for (const character of body) {
    sum += ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % MODULUS;
  }
  return ALPHABET[(MODULUS - (sum % MODULUS)) % MODULUS] as string;
}
