/** A mobile number, or a landline with area code and perhaps an extension, in mainland China. */
const MOBILE = /^1[3-9]\d{9}$/;
const LANDLINE = /^0\d{2,3}-?[2-8]\d{6,7}(-\d{1,6})?$/;

/** Blanks and the country's own prefix go. */
export function normalisePhoneNumber(text: string): string {
  return text.replaceAll(/\s/g, '').replace(/^(\+|00)86-?/, '');
}

/** @param number as {@link normalisePhoneNumber} returns it */
export function isPhoneNumber(number: string): boolean {
  return MOBILE.test(number) || LANDLINE.test(number);
}
