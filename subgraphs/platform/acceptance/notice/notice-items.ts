import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { noDuplicatePaper } from '../rules/duplicate-paper.js';
import type { Defect } from '../store/handed-in.js';
import type { NoticeItem } from '../store/notice-item.js';
import type { Guide } from '../submission/guide-checks.js';
import { paragraph } from '../submission/handed-in-application.js';
import type { NoticeItemInput } from '../types/handling-inputs.js';

/** Characters. What is wrong with one material, and how to mend it. */
const LONGEST = 1_000;
const MOST_ITEMS = 300;

/**
 * The entries of a notice, each about something the guide asks for, saying what is wrong and how to mend it.
 * @throws CataloguedError BAD_USER_INPUT, MATERIAL_UNKNOWN, FORM_FIELD_UNKNOWN, DUPLICATE_PAPER
 */
export function noticeItems(items: readonly NoticeItemInput[], guide: Guide): NoticeItem[] {
  if (items.length === 0) throw new CataloguedError('BAD_USER_INPUT', 'items is empty: say what to correct', { field: 'items' });
  if (items.length > MOST_ITEMS)
    throw new CataloguedError('BAD_USER_INPUT', `items has more than ${MOST_ITEMS} entries`, { field: 'items' });
  return items.map((item, index) => {
    const field = `items.${index}`;
    const { materialCode = null, formField = null, onPaper } = item;
    const problem = paragraph(`${field}.problem`, item.problem, LONGEST);
    const remedy = paragraph(`${field}.remedy`, item.remedy, LONGEST);
    if ((materialCode === null) === (formField === null))
      throw new CataloguedError('BAD_USER_INPUT', `${field} must name a material or an entry of the form, and not both`, { field });
    if (materialCode !== null) {
      const material = guide.materials.find(({ code }) => code === materialCode);
      if (material === undefined)
        throw new CataloguedError('MATERIAL_UNKNOWN', `${field}.materialCode is not in the guide`, { field: `${field}.materialCode` });
      noDuplicatePaper(material, onPaper === true, field);
      return { materialCode, formField: null, label: material.name, problem, remedy, onPaper: onPaper === true };
    }
    const entry = guide.formFields.find(({ name }) => name === formField);
    if (entry === undefined)
      throw new CataloguedError('FORM_FIELD_UNKNOWN', `${field}.formField is not on the form`, { field: `${field}.formField` });
    return { materialCode: null, formField, label: entry.label, problem, remedy, onPaper: false };
  });
}

/** A notice is complete (Art. 17): what the platform knows to be missing is in it. @throws CataloguedError NOTICE_INCOMPLETE */
export function noticeIsComplete(items: readonly NoticeItem[], defects: readonly Defect[]): void {
  const untold = defects.filter(
    ({ materialCode, formField }) => !items.some((item) => item.materialCode === materialCode && item.formField === formField),
  );
  if (untold.length === 0) return;
  throw new CataloguedError('NOTICE_INCOMPLETE', `items does not tell that ${untold.map(({ label }) => label).join(', ')} is missing`, {
    field: 'items',
    missing: untold.map(({ materialCode, formField, label }) => ({ code: materialCode ?? formField, name: label })),
  });
}
