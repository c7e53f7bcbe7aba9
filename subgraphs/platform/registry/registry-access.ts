import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import { type Caller, departmentOf, hasRole, requireRole } from '../../kit/identity/caller.js';

/**
 * The records of the registry are open to its members: every department, the Centre, the Bureau, monitors. They hold
 * internal addresses, so the public does not read them.
 * @throws CataloguedError UNAUTHENTICATED, FORBIDDEN
 */
export function requireMember(caller: Caller): void {
  if (departmentOf(caller) !== undefined || hasRole(caller, 'admin', 'centre', 'bureau', 'monitor', 'platform')) return;
  if (caller.roles.length === 0) throw new CataloguedError('UNAUTHENTICATED', 'sign in first: send a bearer token');
  throw new CataloguedError('FORBIDDEN', 'this is for departments and for those who run the platform');
}

/** A department answers for itself: its own credential, or an administrator's. @throws like {@link requireMember} */
export function requireDepartment(caller: Caller, code: string): void {
  requireRole(caller, `department:${code}`, 'admin');
}
