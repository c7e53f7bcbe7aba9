import type { Store } from '../store/open-store.js';
import { auditHash, CHAIN_START } from './audit-chain.js';
import { auditHeads, auditRecords } from './audit-tables.js';

const PAGE = 1_000;
/** Told at most; one is enough to distrust the chain. */
const TOLD = 100;

/** A place of the chain, noted elsewhere earlier: on paper, in another system's log. */
export interface AuditAnchor {
  readonly position: number;
  readonly hash: string;
}

export interface AuditProblem {
  /** ALTERED: a record is not what was written. MISSING: records were taken out. MOVED: a record does not follow the one before it. */
  readonly kind: 'ALTERED' | 'MISSING' | 'MOVED' | 'END_CUT' | 'ANCHOR_MISSED';
  readonly position: number;
  readonly what: string;
}

export interface AuditVerdict {
  readonly records: number;
  /** Where the chain ends; note it elsewhere, and give it to a later verification. */
  readonly end: AuditAnchor;
  readonly problems: readonly AuditProblem[];
}

/**
 * Reads the whole chain and finds every record that was altered, deleted, moved or put in. Somebody who may write to the
 * store could compute the whole chain anew; that is found by an anchor noted elsewhere before.
 */
export async function verifyAudit(store: Store, anchors: readonly AuditAnchor[] = []): Promise<AuditVerdict> {
  const problems: AuditProblem[] = [];
  const tell = (kind: AuditProblem['kind'], position: number, what: string) => {
    if (problems.length < TOLD) problems.push({ kind, position, what });
  };
  const expected = new Map(anchors.map(({ position, hash }) => [position, hash]));
  let end: AuditAnchor = { position: 0, hash: CHAIN_START };
  let records = 0;
  // first: what is written meanwhile comes after it
  const head = await headOf(store);
  let met = head.hash === CHAIN_START;
  for (;;) {
    const rows = await store
      .fork()
      .find(auditRecords, { position: { $gt: end.position } }, { orderBy: { position: 'asc' }, limit: PAGE, disableIdentityMap: true });
    for (const row of rows) {
      records++;
      const { position, previous, hash } = row;
      if (position !== end.position + 1) tell('MISSING', end.position + 1, `records ${end.position + 1} to ${position - 1} are not there`);
      if (auditHash(row) !== hash) tell('ALTERED', position, 'the record is not what was written at this place');
      if (previous !== end.hash) tell('MOVED', position, 'the record does not follow the one before it');
      const noted = expected.get(position);
      if (noted !== undefined && noted !== hash) tell('ANCHOR_MISSED', position, 'the record is another than the one that was noted');
      expected.delete(position);
      if (position === head.position) met = hash === head.hash;
      end = { position, hash };
    }
    if (rows.length < PAGE) break;
  }
  // the head is written with what it points to, so it is never behind what can be read
  const told = met && end.position > head.position ? await headOf(store) : head;
  if (!met || told.position < end.position || (told.position === end.position && told.hash !== end.hash))
    tell('END_CUT', end.position, `the chain ends at ${end.position}, and ended at ${told.position} when it was last written`);
  for (const position of expected.keys()) tell('ANCHOR_MISSED', position, 'the record that was noted is not there');
  return { records, end, problems };
}

async function headOf(store: Store): Promise<AuditAnchor> {
  const head = await store.fork().findOne(auditHeads, 'main');
  return { position: head?.position ?? 0, hash: head?.hash ?? CHAIN_START };
}
