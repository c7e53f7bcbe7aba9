import type { Caller } from '../../subgraphs/kit/identity/caller.js';

/** As whom subgraphs are asked on behalf of everybody who watches. */
export interface Viewer {
  /** Equal for callers who may be given the same answer. */
  readonly key: string;
  readonly subject: string;
  readonly roles: readonly string[];
  /** What their tokens allow beside the roles. */
  readonly scopes: readonly string[];
}

/** Subjects that begin so stand for several people; no token from outside may name one. */
export const SHARED_SUBJECT = 'roles:';

/**
 * Who may share one upstream. Rows are guarded in subgraphs, by subject and roles, so an answer may be given only to
 * those on whose behalf it was asked:
 *
 * - Callers with the same subject and the same roles share; a subgraph can't tell them apart.
 * - Where a field is marked `@sharedFor(roles:)` and all roles of a caller are among these, the caller shares with
 *   everybody who has exactly the same roles. Subgraphs are then asked in the name of the roles alone: the internal token
 *   carries no person's subject, so an answer that depends on a person can't come about, whatever a subgraph does.
 *
 * Callers whose tokens carry different scopes never share: guards of fields may let them see different parts.
 *
 * An entry that ends in `*` (`department:*`) stands for every role that begins so. `applicant` belongs in no such list:
 * what an applicant sees depends on the person.
 */
export function viewerOf(
  { subject, roles, scopes = [] }: Pick<Caller, 'subject' | 'roles' | 'scopes'>,
  sharedFor: readonly string[],
): Viewer {
  const sorted = inOrder(roles);
  const allowed = inOrder(scopes);
  if (sorted.length > 0 && sorted.every((role) => sharedFor.some((entry) => fits(role, entry)))) {
    const everybody = `${SHARED_SUBJECT}${sorted.join(' ')}`;
    const key = allowed.length === 0 ? everybody : JSON.stringify([everybody, allowed]);
    return { key, subject: everybody, roles: sorted, scopes: allowed };
  }
  return { key: JSON.stringify([subject, sorted, allowed]), subject, roles: sorted, scopes: allowed };
}

const inOrder = (names: readonly string[]): string[] => [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));

function fits(role: string, entry: string): boolean {
  return entry.endsWith('*') ? role.startsWith(entry.slice(0, -1)) : role === entry;
}
