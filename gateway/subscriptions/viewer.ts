import type { Caller } from '../../subgraphs/kit/identity/caller.js';

/** As whom subgraphs are asked on behalf of everybody who watches. */
export interface Viewer {
  /** Equal for callers who may be given the same answer. */
  readonly key: string;
  readonly subject: string;
  readonly roles: readonly string[];
}

/**
 * Who may share one upstream. Rows are guarded in subgraphs, by subject and roles, so an answer may be given only to
 * those on whose behalf it was asked:
 *
 * - Callers with the same subject and the same roles share; a subgraph can't tell them apart.
 * - Where a field is marked `@sharedFor(roles:)`, everybody who holds one of these roles shares with the others who hold
 *   it. The subgraphs are then asked in the name of the role alone: the internal token carries neither the subject nor any
 *   other role, so an answer that depends on a person can't come about, whatever a subgraph does. What it answers, each
 *   holder of the role may see.
 * - An entry that ends in `*` (`department:*`) stands for every role that begins so. It counts for a caller who has no
 *   other role: one with two offices would be shown the rows of only one of them.
 *
 * The first entry that fits counts, so a list begins with the role that sees most.
 */
export function viewerOf({ subject, roles }: Pick<Caller, 'subject' | 'roles'>, sharedFor: readonly string[]): Viewer {
  for (const entry of sharedFor) {
    const shared = entry.endsWith('*') ? onlyRole(roles, entry.slice(0, -1)) : roles.find((role) => role === entry);
    // a subject of this form is refused from outside, see client-identity.ts
    if (shared !== undefined) return { key: `role:${shared}`, subject: `role:${shared}`, roles: [shared] };
  }
  const sorted = [...new Set(roles)].sort();
  return { key: JSON.stringify([subject, ...sorted]), subject, roles: sorted };
}

function onlyRole(roles: readonly string[], prefix: string): string | undefined {
  const [role, ...others] = new Set(roles);
  return role?.startsWith(prefix) === true && others.length === 0 ? role : undefined;
}
