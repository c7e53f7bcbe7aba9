import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { type Connection, connectionType } from '../../../kit/schema/connection.js';
import { Department, ServiceItem } from '../../../kit/schema/entity-keys.js';
import { maySee, requireSight } from '../access/sight.js';
import { type AlertTally, countAlerts, listAlerts } from '../alerts/list-alerts.js';
import type { SupervisionContext } from '../context.js';
import type { AlertMoveRow, AlertRow } from '../store/tables.js';
import { Alert, AlertCount, AlertDetail, AlertMove, Case } from '../types/alert.js';
import { AlertFilter } from '../types/inputs.js';

export const AlertConnection = connectionType('Alert', Alert);

@Resolver(() => Alert)
export class AlertResolver {
  @Query(() => Alert, { nullable: true, description: '预警;不存在或无权查看时为空。An alert; null when there is none that you may see.' })
  async alert(
    @Ctx() { caller, loaders }: SupervisionContext,
    @Arg('id', () => ID, { description: '预警编号。Its id.' }) id: string,
  ): Promise<AlertRow | null> {
    requireSight(caller);
    const row = await loaders.alertById.load(id);
    return row !== null && maySee(caller, row.departmentCode) ? row : null;
  }

  @Query(() => AlertConnection, {
    nullable: true,
    description:
      '预警列表,最严重者在前,同级先到期者在前;监察人员的待办即 `filter: {inHand: true}`。Alerts, the gravest first, and of one level what was due first; `filter: {inHand: true}` is the inbox of those who supervise.',
  })
  alerts(
    @Ctx() { supervision, caller }: SupervisionContext,
    @Arg('filter', () => AlertFilter, { defaultValue: {}, description: '筛选条件。Which.' }) filter: AlertFilter,
    @Arg('first', () => Int, { defaultValue: 20, description: '每页至多200。At most 200.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: '上一页的 endCursor。The `endCursor` of the page before.' }) after?:
      | string
      | null,
  ): Promise<Connection<AlertRow>> {
    return listAlerts(supervision, caller, { filter, first, after });
  }

  @Query(() => [AlertCount], { nullable: true, description: '各级各状态的在办预警数。How many alerts are in hand, by level and state.' })
  alertCounts(
    @Ctx() { supervision, caller }: SupervisionContext,
    @Arg('departmentCode', () => ID, { nullable: true, description: '仅该部门。Of this department alone.' }) departmentCode?: string | null,
  ): Promise<AlertTally[]> {
    return countAlerts(supervision, caller, departmentCode);
  }

  @FieldResolver(() => Department, { description: '部门。The department.' })
  department(@Root() { departmentCode }: AlertRow): Department {
    return { code: departmentCode };
  }

  @FieldResolver(() => ServiceItem, { nullable: true, description: '事项。The item.' })
  item(@Root() { departmentCode, itemCode }: AlertRow): ServiceItem | null {
    return itemCode == null ? null : { code: itemCode, departmentCode };
  }

  @FieldResolver(() => Case, {
    nullable: true,
    description: '办件;尚未受理、或并无此办件时为空。The case; null before there is one, and where there never was.',
  })
  case(@Root() { departmentCode, caseNumber, rule }: AlertRow): Case | null {
    return caseNumber == null || rule === 'OUTSIDE_PLATFORM' ? null : { number: caseNumber, departmentCode };
  }

  @FieldResolver(() => [AlertDetail], { description: '细节。Details of what was found.' })
  details(@Root() { detail }: AlertRow): AlertDetail[] {
    return Object.entries(detail).map(([name, value]) => ({ name, value: String(value) }));
  }

  @FieldResolver(() => [AlertMove], { description: '经过,按序。What happened to it, in order.' })
  moves(@Root() { id }: AlertRow, @Ctx() { loaders }: SupervisionContext): Promise<AlertMoveRow[]> {
    return loaders.movesOf.load(id);
  }
}

@Resolver(() => Case)
export class SupervisedCaseResolver {
  @FieldResolver(() => [Alert], {
    nullable: true,
    description:
      '该办件的预警;仅监察人员和承办部门可见,他人为空。What supervision found about it; null for others than those who supervise and its department.',
  })
  async alerts(@Root() { number, departmentCode }: Case, @Ctx() { caller, loaders }: SupervisionContext): Promise<AlertRow[] | null> {
    if (!maySee(caller, departmentCode)) return null;
    // a key may pair a number with another department than its own
    return (await loaders.alertsOfCase.load(number)).filter((row) => row.departmentCode === departmentCode);
  }
}
