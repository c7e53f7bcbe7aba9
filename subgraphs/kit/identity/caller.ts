import { CataloguedError } from '../errors/catalogued-error.js';

/** Who a request is made for, as the gateway established it. */
export interface Caller {
  /** An opaque, stable id of the person or system. Never an identity number. */
  readonly subject: string;
  readonly roles: readonly string[];
  /** What a client's token allows beside its roles; known at the gateway only. */
  readonly scopes?: readonly string[];
  readonly requestId: string;
}

/** The office of a role without a department; `platform` is the platform's own services. */
export const ROLES = ['applicant', 'window', 'monitor', 'centre', 'bureau', 'admin', 'platform'] as const;
export type Role = (typeof ROLES)[number] | `department:${string}`;

export const ANONYMOUS: Omit<Caller, 'requestId'> = { subject: 'anonymous', roles: [] };

export function hasRole(caller: Caller, ...roles: Role[]): boolean {
  return roles.some((role) => caller.roles.includes(role));
}

/** @throws CataloguedError UNAUTHENTICATED without any role, FORBIDDEN without one of these. */
export function requireRole(caller: Caller, ...roles: Role[]): void {
  if (hasRole(caller, ...roles)) return;
  if (caller.roles.length === 0) throw new CataloguedError('UNAUTHENTICATED', 'sign in first: send a bearer token');
  throw new CataloguedError('FORBIDDEN', `this needs the role ${roles.join(' or ')}`);
}

/** The department a caller is an officer of, if any. */
export function departmentOf(caller: Caller): string | undefined {
  return caller.roles.find((role) => role.startsWith('department:'))?.slice('department:'.length);
}
