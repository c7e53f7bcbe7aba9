import type { SqlEntityManager } from '@mikro-orm/sql';
import type { FormValues } from '../../kit/department/definition.js';
import { declaredPersonnel } from './rules/personnel-declaration.js';
import { keyPersonnel, qualifications } from './store.js';

/** Keeps the qualification applied for and the people declared for it. What can't be read is left out: the case is taken in anyway. */
export function keepQualification(tx: SqlEntityManager, { number: caseNumber }: { number: string }, form: FormValues): void {
  const specialty = form.get('specialty')?.trim().slice(0, 120) || null;
  if (specialty !== null) {
    tx.create(qualifications, { caseNumber, grade: form.get('grade')?.trim().slice(0, 60) || null, specialty });
  }
  for (const [index, { post, declared }] of declaredPersonnel(form).entries()) {
    tx.create(keyPersonnel, { caseNumber, post, ordinal: index + 1, declared, verified: null, verifiedAt: null });
  }
}
