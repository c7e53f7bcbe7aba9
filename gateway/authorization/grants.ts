import type { Caller } from '../../subgraphs/kit/identity/caller.js';

/** What an operation's guards are held against: what its caller may show. */
export interface Grants {
  readonly authenticated: boolean;
  hasScope(scope: string): boolean;
  hasPolicy(policy: string): boolean;
}

/** Who gets which scope or policy beside what a token says: names, and the roles that bring them; `department:*` is every role that begins so. */
export interface AuthorizationTable {
  readonly scopes: Readonly<Record<string, readonly string[]>>;
  readonly policies: Readonly<Record<string, readonly string[]>>;
}

/** Decides a `@policy`. Asked once per operation and caller; must not wait for anything. */
export type PolicyHook = (policy: string, caller: Pick<Caller, 'subject' | 'roles' | 'scopes'>) => boolean;

/** Those of a caller who shows nothing. */
export const NO_GRANTS: Grants = { authenticated: false, hasScope: () => false, hasPolicy: () => false };

const NOBODY: AuthorizationTable = { scopes: {}, policies: {} };

/**
 * A caller's grants:
 *
 * - Whoever showed a token is authenticated. Anonymous callers are not, and have neither scopes nor policies.
 * - Scopes are those of the token (`scope`, `scopes`), one for each role (`role:window`, `role:department:drug`; every
 *   officer also has `role:department`), and those the table gives to a role.
 * - Policies are what the hook allows; without one, what the table gives to a role. A policy nobody knows is refused.
 */
export function grantsOf(
  caller: Pick<Caller, 'subject' | 'roles' | 'scopes'>,
  table: AuthorizationTable = NOBODY,
  hook: PolicyHook = (policy, { roles }) => isGiven(table.policies, policy, roles),
): Grants {
  const { subject, roles, scopes = [] } = caller;
  const authenticated = subject !== 'anonymous';
  return {
    authenticated,
    hasScope: (scope) => authenticated && (scopes.includes(scope) || isRole(scope, roles) || isGiven(table.scopes, scope, roles)),
    hasPolicy: (policy) => authenticated && hook(policy, caller),
  };
}

function isRole(scope: string, roles: readonly string[]): boolean {
  if (!scope.startsWith('role:')) return false;
  const role = scope.slice('role:'.length);
  return roles.includes(role) || (role === 'department' && roles.some((own) => own.startsWith('department:')));
}

function isGiven(names: Readonly<Record<string, readonly string[]>>, name: string, roles: readonly string[]): boolean {
  const given = Object.hasOwn(names, name) ? names[name] : undefined;
  return (
    given?.some((entry) => roles.some((role) => (entry.endsWith('*') ? role.startsWith(entry.slice(0, -1)) : role === entry))) === true
  );
}
