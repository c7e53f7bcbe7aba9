import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, hasRole, type Role, requireRole } from '../../../kit/identity/caller.js';
import type { AlertRow } from '../store/tables.js';
import type { AlertState } from '../types/enums.js';

/** The moves that people make. */
export type PeoplesMove =
  | 'acknowledgeAlert'
  | 'issueCorrectionOrder'
  | 'replyToCorrectionOrder'
  | 'closeCorrectionOrder'
  | 'closeAlert'
  | 'escalateAlert';

interface Allowed {
  readonly from: readonly AlertState[];
  /** Of those who supervise; `department` is the alert's own. */
  readonly roles: readonly ('monitor' | 'centre' | 'bureau' | 'department')[];
}

/**
 * The life of an alert (Arts. 35, 37). Whoever supervises takes it up, orders a correction, and closes it; the department
 * answers orders. What was passed on to the Bureau is the Bureau's.
 */
const MOVES: Readonly<Record<PeoplesMove, Allowed>> = {
  acknowledgeAlert: { from: ['OPEN'], roles: ['monitor', 'centre', 'bureau'] },
  issueCorrectionOrder: { from: ['OPEN', 'ACKNOWLEDGED', 'REPLIED', 'ESCALATED'], roles: ['monitor', 'centre', 'bureau'] },
  replyToCorrectionOrder: { from: ['CORRECTION_ORDERED'], roles: ['department'] },
  closeCorrectionOrder: { from: ['REPLIED'], roles: ['monitor', 'centre', 'bureau'] },
  closeAlert: { from: ['ACKNOWLEDGED', 'ESCALATED'], roles: ['monitor', 'centre', 'bureau'] },
  escalateAlert: { from: ['OPEN', 'ACKNOWLEDGED', 'CORRECTION_ORDERED', 'REPLIED'], roles: ['monitor', 'centre'] },
};

/** Whether it may be done by such a caller at all. @throws CataloguedError UNAUTHENTICATED, FORBIDDEN */
export function requireMover(caller: Caller, move: PeoplesMove): void {
  const { roles } = MOVES[move];
  if (roles.includes('department') && caller.roles.some((role) => role.startsWith('department:'))) return;
  requireRole(caller, ...roles.filter((role): role is Exclude<typeof role, 'department'> => role !== 'department'));
}

/**
 * Whether it may be done with this alert as it stands, by this caller.
 * @returns the office it is done from
 * @throws CataloguedError FORBIDDEN, ALERT_MOVE_NOT_ALLOWED naming the states it may be made in
 */
export function requireMove(
  caller: Caller,
  move: PeoplesMove,
  { departmentCode, state }: Pick<AlertRow, 'departmentCode' | 'state'>,
): Role {
  const { from, roles } = MOVES[move];
  const offices: Role[] = roles.map((role): Role => (role === 'department' ? `department:${departmentCode}` : role));
  requireRole(caller, ...offices);
  if (!from.includes(state)) {
    throw new CataloguedError('ALERT_MOVE_NOT_ALLOWED', `the alert is ${state}; this can be done while it is ${from.join(' or ')}`, {
      state,
      allowedIn: [...from],
    });
  }
  if (state === 'ESCALATED') requireRole(caller, 'bureau');
  return offices.find((office) => hasRole(caller, office)) as Role;
}
