import { createHash } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { SourceEvent } from './consumer.js';
import { appliedEvents } from './feed-tables.js';

/** The longest cursor that every store can keep. */
export const LONGEST_CURSOR = 512;

/** A source sends an event that nobody could go on after: applying it would lose the place in the feed. */
export class UnusableEvent extends Error {
  override readonly name = 'UnusableEvent';
}

/** @throws UnusableEvent when its id or cursor can't be kept; it repeats neither. */
export function checkPlace(source: string, { id, cursor }: SourceEvent): void {
  if (typeof id !== 'string' || id === '')
    throw new UnusableEvent(`${source} sends an event without an id: its publisher must give it one`);
  if (typeof cursor !== 'string' || cursor === '' || cursor.length > LONGEST_CURSOR)
    throw new UnusableEvent(
      `${source} sends an event whose cursor is not of 1 to ${LONGEST_CURSOR} characters: nothing is read past it until its publisher shortens it`,
    );
}

/**
 * Notes that an event of a source was applied, or refused with a reason. Ids are opaque and of any length, while some
 * stores compare text without case, accents or trailing blanks: what could be mistaken there is kept as its SHA-256.
 * @returns false when this very id was noted before
 */
export async function noteApplied(tx: SqlEntityManager, source: string, id: string, refusal: string | null, now: Date): Promise<boolean> {
  const digest = createHash('sha256').update(id).digest('hex');
  const known = await tx.find(appliedEvents, { source, eventId: { $in: [id, digest] } }, { disableIdentityMap: true });
  if (known.some(({ eventId }) => eventId === id || eventId === digest)) return false;
  const plain = known.length === 0 && UNMISTAKABLE.test(id);
  tx.create(appliedEvents, { source, eventId: plain ? id : digest, refusal: refusal?.slice(0, 500) ?? null, appliedAt: now });
  return true;
}

/** Equal for a store only to itself, and never a digest, which is longer. */
const UNMISTAKABLE = /^[a-z0-9:._-]{1,63}$/;
