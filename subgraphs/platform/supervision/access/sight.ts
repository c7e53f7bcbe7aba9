import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, hasRole } from '../../../kit/identity/caller.js';

/** Those who supervise: they see every alert and every figure. */
const SUPERVISORS = ['monitor', 'centre', 'bureau'] as const;

/** The departments whose alerts and figures a caller may see. */
export type Sight = 'ALL' | readonly string[];

/**
 * Supervisors see all, a department's officers what is their department's. An applicant or a window sees none of it, nor
 * does an administrator, since running the system is no reason.
 */
export function sightOf(caller: Caller): Sight {
  if (hasRole(caller, ...SUPERVISORS, 'platform')) return 'ALL';
  return caller.roles.filter((role) => role.startsWith('department:')).map((role) => role.slice('department:'.length));
}

/** @throws CataloguedError UNAUTHENTICATED, or FORBIDDEN for those who see none. */
export function requireSight(caller: Caller): Sight {
  const sight = sightOf(caller);
  if (sight === 'ALL' || sight.length > 0) return sight;
  if (caller.roles.length === 0) throw new CataloguedError('UNAUTHENTICATED', 'sign in first: send a bearer token');
  throw new CataloguedError('FORBIDDEN', `this needs the role ${SUPERVISORS.join(' or ')}, or that of a department`);
}

export function maySee(caller: Caller, departmentCode: string): boolean {
  const sight = sightOf(caller);
  return sight === 'ALL' || sight.includes(departmentCode);
}

/**
 * The departments to look at, of those that may be seen: the one asked for, or all.
 * @throws CataloguedError FORBIDDEN for one that is not the caller's
 */
export function narrowed(sight: Sight, departmentCode: string | null | undefined): Sight {
  if (departmentCode == null) return sight;
  if (sight !== 'ALL' && !sight.includes(departmentCode))
    throw new CataloguedError('FORBIDDEN', 'departmentCode is not your department', { field: 'departmentCode' });
  return [departmentCode];
}

/** A condition on `departmentCode`; one value where there is one, since that lets an index sort too. */
export function departmentCondition(sight: Sight): object[] {
  if (sight === 'ALL') return [];
  return [{ departmentCode: sight.length === 1 ? sight[0] : { $in: [...sight] } }];
}
