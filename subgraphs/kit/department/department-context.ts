import type { SqlEntityManager } from '@mikro-orm/sql';
import { CataloguedError } from '../errors/catalogued-error.js';
import type { EventFeed } from '../feed/event-feed.js';
import { type Caller, requireRole } from '../identity/caller.js';
import type { CaseLoaders } from './case-loaders.js';
import type { DepartmentDefinition, DepartmentItem } from './definition.js';

/** What resolvers work with: one per request, and one per subscription event. `L` is the extension's loaders. */
export interface DepartmentContext<L = unknown> {
  readonly caller: Caller;
  readonly department: DepartmentDefinition<L>;
  readonly items: ReadonlyMap<string, DepartmentItem>;
  readonly em: SqlEntityManager;
  readonly loaders: CaseLoaders;
  readonly own: L;
  readonly feed: EventFeed;
  readonly clock: () => Date;
}

/** @throws CataloguedError UNKNOWN_DEPARTMENT when a call meant for another department came here. */
export function requireOwnDepartment({ department }: DepartmentContext, departmentCode: string): void {
  if (departmentCode === department.code) return;
  throw new CataloguedError('UNKNOWN_DEPARTMENT', `this is ${department.code}, not the department that departmentCode names`);
}

/** Lets through the platform's own services, asking for this department. @throws CataloguedError UNAUTHENTICATED, FORBIDDEN, UNKNOWN_DEPARTMENT */
export function requirePlatform(context: DepartmentContext, departmentCode: string): void {
  requireRole(context.caller, 'platform');
  requireOwnDepartment(context, departmentCode);
}

/** Lets through this department's officers. @throws CataloguedError UNAUTHENTICATED, FORBIDDEN, UNKNOWN_DEPARTMENT */
export function requireOfficer(context: DepartmentContext, departmentCode: string): void {
  requireRole(context.caller, `department:${context.department.code}`);
  requireOwnDepartment(context, departmentCode);
}
