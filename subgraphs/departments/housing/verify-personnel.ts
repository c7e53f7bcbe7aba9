import type { Change } from '../../kit/department/moves/move-case.js';
import { notDecided } from '../../kit/department/rules/decided-once.js';
import { verifiable } from './rules/verified-not-above-declared.js';
import { type KeyPersonnelRow, keyPersonnel } from './store.js';

/** Writes down how many people an officer found for a post. @throws CataloguedError CASE_ALREADY_DECIDED, NOT_FOUND, BAD_USER_INPUT */
export function verifyPersonnel(post: string, verified: number): Change<KeyPersonnelRow> {
  return async (file, { tx, at }) => {
    notDecided(file);
    const rows = await tx.find(keyPersonnel, { caseNumber: file.number });
    const row = rows.find((candidate) => candidate.post === post.trim()) ?? null;
    verifiable(row, verified);
    row.verified = verified;
    row.verifiedAt = at;
    return row;
  };
}
