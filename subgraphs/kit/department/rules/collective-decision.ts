import type { StoredCaseFile } from '../case-file.js';

/**
 * 集体决定 (Art. 27): what is decided collectively stays inside the limit like everything else. The decision is not undone
 * for being late, since that would hurt the applicant; its event says so.
 */
export function collectiveNote({ item, record }: Pick<StoredCaseFile, 'item' | 'record'>, at: Date): { note?: string } {
  if (!item.collective) return {};
  if (record.statutoryDueAt == null) return { note: '集体决定' };
  return { note: at > record.statutoryDueAt ? '集体决定,已超过受理时计算的法定期限' : '集体决定,在期限之内' };
}
