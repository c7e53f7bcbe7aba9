/** The characters of a unified social credit code, in the order of their values (GB 32100). */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** The level of a provincial department in an implementation code. */
const PROVINCE = '2';

/**
 * The implementation code of an item (实施编码, 31 characters): the credit code of the implementing body, its level, and
 * the item's basic code of 12 digits.
 * @throws Error when one of them is malformed; a definition is wrong then.
 */
export function itemCode(creditCode: string, basicCode: string): string {
  if (!isCreditCode(creditCode)) throw new Error(`${creditCode} is no unified social credit code`);
  if (!/^\d{12}$/.test(basicCode)) throw new Error(`${basicCode} is no basic code of 12 digits`);
  return `${creditCode}${PROVINCE}${basicCode}`;
}

/** Whether the 18 characters and their check character are right. */
export function isCreditCode(code: string): boolean {
  const values = Array.from(code, (character) => ALPHABET.indexOf(character));
  if (values.length !== 18 || values.includes(-1)) return false;
  let sum = 0;
  let weight = 1;
  for (const value of values.slice(0, 17)) {
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return values[17] === (31 - (sum % 31)) % 31;
}
