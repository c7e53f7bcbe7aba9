import { type FilterQuery, raw } from '@mikro-orm/core';
import { ServiceItemState } from '../../kit/department/types/item-enums.js';
import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import type { ServiceItemRow } from './tables.js';
import type { ServiceItemFilter } from './types/service-item-filter.js';

const TEXT_LIMIT = 100;
const WORDS_LIMIT = 10;
/** What the column holds: four times the longest name, since normalising can lengthen it. */
const SEARCHABLE_LIMIT = 1200;

/** Text as it is searched: full-width and half-width, upper and lower case are the same. */
export function searchable(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ').slice(0, SEARCHABLE_LIMIT);
}

/** @throws CataloguedError BAD_USER_INPUT when the text is longer than anybody's memory of a name. */
export function searchWords(text: string): string[] {
  if (text.length > TEXT_LIMIT) throw new CataloguedError('BAD_USER_INPUT', `text may have ${TEXT_LIMIT} characters, not ${text.length}`);
  const words = [...new Set(searchable(text).split(' '))].filter((word) => word !== '');
  if (words.length > WORDS_LIMIT) throw new CataloguedError('BAD_USER_INPUT', `text may have ${WORDS_LIMIT} words, not ${words.length}`);
  return words;
}

/** The rows a filter asks for. Not to be used twice: raw SQL fragments serve one query. */
export function itemsWhere(filter: ServiceItemFilter | null | undefined): FilterQuery<ServiceItemRow> {
  const { text, kind, departmentCode, state = ServiceItemState.ACTIVE } = filter ?? {};
  return {
    ...(state != null && { state }),
    ...(kind != null && { kind }),
    ...(departmentCode != null && { departmentCode }),
    // `instr` and not `like`: to it, %, _ and \ are characters as any others, on every dialect
    $and: searchWords(text ?? '').map((word) => ({ [raw('instr(search_text, ?)', [word])]: { $gt: 0 } })),
  };
}

/** The rows after a place in the list's order. */
export function itemsAfter(departmentCode: string, code: string): FilterQuery<ServiceItemRow> {
  return { $or: [{ departmentCode: { $gt: departmentCode } }, { departmentCode, code: { $gt: code } }] };
}
