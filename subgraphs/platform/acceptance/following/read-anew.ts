import type { SqlEntityManager } from '@mikro-orm/sql';
import { handedOverOpen, handOverAgain } from '../dispatch/hand-over-again.js';

const OF_DEPARTMENT = /^department:(.+)$/;

/** What the ledger does beside reading a department's feed from its beginning. */
export async function showsReadAnew(em: SqlEntityManager, source: string): Promise<string[]> {
  const department = OF_DEPARTMENT.exec(source)?.[1];
  if (department === undefined) return [];
  return [
    `${await handedOverOpen(em, department)} open cases are handed over to ${department} again: it passes over those it has`,
    `closed cases are not: what ${department} has lost of them stays in the ledger and its dossiers alone`,
  ];
}

export async function readsAnew(tx: SqlEntityManager, source: string): Promise<void> {
  const department = OF_DEPARTMENT.exec(source)?.[1];
  if (department !== undefined) await handOverAgain(tx, department);
}
