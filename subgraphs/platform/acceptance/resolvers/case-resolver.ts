import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { CaseClock } from '../../../kit/clocks/clock-types.js';
import { type Connection, connectionType } from '../../../kit/schema/connection.js';
import { Department, ServiceItem } from '../../../kit/schema/entity-keys.js';
import { applicantFor, formFor, materialsFor } from '../access/personal-data.js';
import { isStaff, requireIdentity } from '../access/row-guard.js';
import { caseClocks } from '../clocks/case-clocks.js';
import { type AcceptanceContext, visibleApplication, visibleCase } from '../context.js';
import { listCases } from '../lists/list-cases.js';
import type { CaseRow } from '../store/tables.js';
import { Applicant, SubmittedMaterial, SubmittedValue } from '../types/applicant.js';
import { Application } from '../types/application.js';
import { Case, CaseDispatch } from '../types/case.js';
import { CASE_ORDERS, type CaseOrder } from '../types/enums.js';
import { CaseFilter } from '../types/inputs.js';
import { CaseProgress } from '../types/progress.js';

export const CaseConnection = connectionType('Case', Case);

@Resolver(() => Case)
export class CaseResolver {
  @Query(() => Case, {
    nullable: true,
    description: '按统一受理编号查办件,无权查看者为空。A case by its number; null when there is none that you may see.',
  })
  async case(@Arg('number', () => ID) number: string, @Ctx() context: AcceptanceContext): Promise<CaseRow | null> {
    requireIdentity(context.caller);
    return visibleCase(context, number);
  }

  @Query(() => CaseConnection, { nullable: true, description: '有权查看的办件。The cases you may see.' })
  cases(
    @Ctx() { ledger, caller }: AcceptanceContext,
    @Arg('first', () => Int, { defaultValue: 20, description: '每页至多200。At most 200.' }) first: number,
    @Arg('orderBy', () => CASE_ORDERS, { defaultValue: CASE_ORDERS.ACCEPTED_LATEST_FIRST }) orderBy: CaseOrder,
    @Arg('filter', () => CaseFilter, { nullable: true }) filter?: CaseFilter | null,
    @Arg('after', () => String, { nullable: true, description: '上一页的 endCursor。The `endCursor` of the page before.' }) after?:
      | string
      | null,
  ): Promise<Connection<CaseRow>> {
    return listCases(ledger, caller, { filter: filter ?? {}, orderBy, first, after });
  }

  @FieldResolver(() => Department, { description: '承办部门。The department that handles it.' })
  department(@Root() { departmentCode }: CaseRow): Department {
    return { code: departmentCode };
  }

  @FieldResolver(() => ServiceItem, { description: '事项。The item applied for.' })
  item(@Root() { itemCode, departmentCode }: CaseRow): ServiceItem {
    return { code: itemCode, departmentCode };
  }

  @FieldResolver(() => Applicant, { description: '申请人。The applicant.' })
  applicant(@Root() row: CaseRow, @Ctx() { caller }: AcceptanceContext): Applicant {
    return applicantFor(caller, row);
  }

  @FieldResolver(() => [SubmittedMaterial], { description: '申请材料。The materials handed in.' })
  materials(@Root() row: CaseRow, @Ctx() { caller }: AcceptanceContext): SubmittedMaterial[] {
    return materialsFor(caller, row);
  }

  @FieldResolver(() => [SubmittedValue], { description: '申请表。The form as it was filled in.' })
  form(@Root() row: CaseRow, @Ctx() { caller }: AcceptanceContext): SubmittedValue[] {
    return formFor(caller, row);
  }

  @FieldResolver(() => [CaseProgress], { description: '全部进展,先发生者在前。Everything that happened, as it came in.' })
  timeline(@Root() { number }: CaseRow, @Ctx() { loaders }: AcceptanceContext) {
    return loaders.timelineOf.load(number);
  }

  @FieldResolver(() => [CaseClock], {
    description: '各项时限的现状,由台账事件按工作日历推算。How its limits stand now, worked out from its events by the working calendar.',
  })
  async clocks(@Root() row: CaseRow, @Ctx() { loaders, ledger }: AcceptanceContext): Promise<CaseClock[]> {
    const [application, history, timeline, item] = await Promise.all([
      loaders.applicationById.load(row.applicationId),
      loaders.applicationEventsOf.load(row.applicationId),
      loaders.timelineOf.load(row.number),
      loaders.itemOf.load(row),
    ]);
    return caseClocks(row, { application, history, timeline, item }, ledger.calendar, ledger.clock());
  }

  @FieldResolver(() => CaseDispatch, {
    nullable: true,
    description: '向部门推送的情况,仅工作人员可见。How it got to the department; for staff only, null for anybody else.',
  })
  async dispatch(@Root() { number }: CaseRow, @Ctx() { loaders, caller }: AcceptanceContext): Promise<CaseDispatch | null> {
    const row = isStaff(caller) ? await loaders.dispatchOf.load(number) : null;
    if (row === null) return null;
    const { state, attempts, lastErrorCode, nextAttemptAt, deliveredAt } = row;
    return {
      state,
      attempts,
      lastErrorCode: lastErrorCode ?? null,
      nextAttemptAt: state === 'DELIVERED' ? null : new Date(nextAttemptAt),
      deliveredAt: deliveredAt ?? null,
    };
  }

  @FieldResolver(() => Application, { nullable: true, description: '所受理的申请。The application that was accepted.' })
  application(@Root() { applicationId }: CaseRow, @Ctx() context: AcceptanceContext) {
    return visibleApplication(context, applicationId);
  }
}
