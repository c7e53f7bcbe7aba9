import { type Day } from '../../../kit/calendar/working-calendar.js';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { creditCodeFault, normaliseCreditCode } from '../rules/credit-code.js';
import { isPhoneNumber, normalisePhoneNumber } from '../rules/phone-number.js';
import { normaliseResidentId, residentIdFault } from '../rules/resident-id.js';
import type { ApplicantKind, ApplicationChannel, MaterialSource } from '../types/enums.js';
import type { ApplicantInput, FormValueInput, MaterialInput, SubmitApplicationInput } from '../types/inputs.js';

/** Characters an applicant may write at each place. */
const LIMITS = { name: 100, value: 4_000, url: 2_048, hash: 128, code: 64, materials: 100, form: 200 } as const;

/** An application whose every value is well formed, in the form it is kept in. Whether it fits the guide is another question. */
export interface HandedInApplication {
  departmentCode: string;
  itemCode: string;
  channel: ApplicationChannel;
  applicant: { kind: ApplicantKind; name: string; idNumber: string; phone: string };
  materials: { code: string; source: MaterialSource; contentHash: string | null; url: string | null; uploadId?: string | null }[];
  form: { name: string; value: string }[];
}

/**
 * Checks each value by itself. A message names the field and the fault, never the value.
 * @throws CataloguedError BAD_USER_INPUT, INVALID_ID_NUMBER, INVALID_CREDIT_CODE, with `field` in its extensions
 */
export function handedInApplication(input: SubmitApplicationInput, today: Day): HandedInApplication {
  bounded('departmentCode', input.departmentCode, LIMITS.code);
  bounded('itemCode', input.itemCode, LIMITS.code);
  return {
    departmentCode: input.departmentCode,
    itemCode: input.itemCode,
    channel: input.channel,
    applicant: applicantOf(input.applicant, today),
    ...handedInContent(input.materials, input.form),
  };
}

/** Materials and form by themselves, as a correction brings them. @throws CataloguedError BAD_USER_INPUT */
export function handedInContent(materials: MaterialInput[], form: FormValueInput[]): Pick<HandedInApplication, 'materials' | 'form'> {
  if (materials.length > LIMITS.materials) throw fault('materials', `has more than ${LIMITS.materials} entries`);
  if (form.length > LIMITS.form) throw fault('form', `has more than ${LIMITS.form} entries`);
  const content = {
    materials: materials.map(({ code, source, contentHash, url, uploadId }, index) => ({
      code: bounded(`materials.${index}.code`, code, LIMITS.code),
      source,
      contentHash: contentHash == null ? null : hash(`materials.${index}.contentHash`, contentHash),
      url: url == null ? null : webAddress(`materials.${index}.url`, url),
      // left out where there is none, so that the fingerprints of requests that know no uploads stay what they were
      ...(uploadId != null && { uploadId: bounded(`materials.${index}.uploadId`, uploadId, LIMITS.code) }),
    })),
    form: form.map(({ name, value }, index) => ({
      name: bounded(`form.${index}.name`, name, LIMITS.code),
      value: atMost(`form.${index}.value`, value.trim(), LIMITS.value),
    })),
  };
  once(
    'materials',
    'code',
    content.materials.map(({ code }) => code),
  );
  once(
    'form',
    'name',
    content.form.map(({ name }) => name),
  );
  return content;
}

/** A text that somebody has to read: one paragraph or several. @throws CataloguedError BAD_USER_INPUT when it is empty or too long */
export function paragraph(field: string, value: string, most: number = LIMITS.value): string {
  const text = value.trim();
  if (text === '') throw fault(field, 'is empty');
  return atMost(field, text, most);
}

function applicantOf({ kind, name, idNumber, phone }: ApplicantInput, today: Day): HandedInApplication['applicant'] {
  return {
    kind,
    name: bounded('applicant.name', name.trim(), LIMITS.name),
    idNumber: kind === 'NATURAL_PERSON' ? residentId(idNumber, today) : creditCode(idNumber),
    phone: phoneNumber(phone),
  };
}

const ID_FAULTS = {
  LENGTH: 'does not have 17 digits and a check character',
  REGION: 'begins with no province',
  BIRTH_DATE: 'has no possible date of birth',
  CHECK_DIGIT: 'has a wrong check character',
} as const;

function residentId(text: string, today: Day): string {
  const number = normaliseResidentId(text);
  const found = residentIdFault(number, today);
  if (found === undefined) return number;
  throw new CataloguedError('INVALID_ID_NUMBER', `applicant.idNumber ${ID_FAULTS[found]}`, { field: 'applicant.idNumber', fault: found });
}

const CREDIT_CODE_FAULTS = {
  FORMAT: 'does not have 18 characters of those allowed at their place',
  CHECK_CHARACTER: 'has a wrong check character',
} as const;

function creditCode(text: string): string {
  const code = normaliseCreditCode(text);
  const found = creditCodeFault(code);
  if (found === undefined) return code;
  throw new CataloguedError('INVALID_CREDIT_CODE', `applicant.idNumber ${CREDIT_CODE_FAULTS[found]}`, {
    field: 'applicant.idNumber',
    fault: found,
  });
}

function phoneNumber(text: string): string {
  const number = normalisePhoneNumber(text);
  if (!isPhoneNumber(number)) throw fault('applicant.phone', 'is neither a mobile number nor a landline with its area code');
  return number;
}

function hash(field: string, value: string): string {
  if (!/^[\w+/=:.-]+$/.test(bounded(field, value, LIMITS.hash))) throw fault(field, 'has characters that no hash has');
  return value;
}

function webAddress(field: string, value: string): string {
  if (!/^https?:\/\//i.test(bounded(field, value, LIMITS.url)) || !URL.canParse(value)) throw fault(field, 'is no http or https address');
  return value;
}

function bounded(field: string, value: string, most: number): string {
  if (value.trim() === '') throw fault(field, 'is empty');
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(value)) throw fault(field, 'has control characters');
  return atMost(field, value, most);
}

function atMost(field: string, value: string, most: number): string {
  // lines and tabs are text; the rest no form asks for, and departments' systems refuse it
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value)) throw fault(field, 'has control characters');
  if (Array.from(value).length > most) throw fault(field, `is longer than ${most} characters`);
  return value;
}

function once(list: string, key: string, values: readonly string[]): void {
  const index = values.findIndex((value, place) => values.indexOf(value) !== place);
  if (index >= 0) throw fault(`${list}.${index}.${key}`, 'was given before');
}

function fault(field: string, what: string): CataloguedError {
  return new CataloguedError('BAD_USER_INPUT', `${field} ${what}`, { field });
}
