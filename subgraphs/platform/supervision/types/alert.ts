import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import {
  ALERT_LEVELS,
  ALERT_MOVES,
  ALERT_RULES,
  ALERT_STATES,
  type AlertLevel,
  type AlertMoveKind,
  type AlertRule,
  type AlertState,
} from './enums.js';

@ObjectType({ description: '预警的一项细节。One detail of what was found.' })
export class AlertDetail {
  @Field({ description: '名称,如 stepCode、limitDays。Its name.' }) name!: string;
  @Field({ description: '值。Its value.' }) value!: string;
}

@ObjectType({ description: '预警的一次变动。One thing that happened to an alert.' })
export class AlertMove {
  @Field(() => Int, { description: '序号,自1起。Its number, from 1.' }) ordinal!: number;
  @Field(() => ALERT_MOVES, { description: '类型。What happened.' }) kind!: AlertMoveKind;
  @Field(() => Date, { description: '时间。When.' }) at!: Date;
  @Field(() => String, {
    nullable: true,
    description: '以何角色作出;系统自动时为空。The office it was done from; null for what came about by itself.',
  })
  role!: string | null;
  @Field(() => String, { nullable: true, description: '要求、回复、理由或结论。What was demanded, answered, or concluded.' })
  text!: string | null;
  @Field(() => Date, { nullable: true, description: '督办的答复期限。By when an order is to be answered.' }) dueAt!: Date | null;
}

@ObjectType({ description: '预警(电子监察,第三十五条、第三十七条)。Something that supervision found (Arts. 35, 37).' })
export class Alert {
  @Field(() => ID, { description: '预警编号;同一办件、规则和情形只有一个。Its id; there is one for each case, rule and occurrence.' })
  id!: string;
  @Field(() => ALERT_RULES, { description: '规则。The rule.' }) rule!: AlertRule;
  @Field(() => ALERT_LEVELS, { description: '级别。How grave it is.' }) level!: AlertLevel;
  @Field(() => ALERT_STATES, { description: '状态。What has become of it.' }) state!: AlertState;
  @Field(() => ID, { description: '部门编码。The department.' }) departmentCode!: string;
  @Field(() => ID, { nullable: true, description: '事项编码。The item.' }) itemCode!: string | null;
  @Field(() => ID, {
    nullable: true,
    description: '统一受理编号;体外循环时为部门所报的编号。The case; outside the platform, the number that the department gave.',
  })
  caseNumber!: string | null;
  @Field(() => Date, { description: '情形发生时间。When it arose.' }) arisenAt!: Date;
  @Field(() => Date, { description: '触发时间。When supervision found it.' }) raisedAt!: Date;
  @Field(() => Date, { nullable: true, description: '所涉期限。The limit that it is about.' }) dueAt!: Date | null;
  @Field(() => Date, { nullable: true, description: '情形结束时间,如逾期办结之时。When it ended, such as by a late decision.' })
  overAt!: Date | null;
  @Field(() => Date, { nullable: true, description: '督办的答复期限。By when the correction order is to be answered.' })
  orderDueAt!: Date | null;
  @Field(() => Int, { description: '版本,办理时须原样带回。Its version, to be given back with every move.' }) version!: number;
}

@ObjectType({ description: '各级在办预警数。How many alerts of one kind there are.' })
export class AlertCount {
  @Field(() => ALERT_LEVELS, { description: '级别。The level.' }) level!: AlertLevel;
  @Field(() => ALERT_STATES, { description: '状态。The state.' }) state!: AlertState;
  @Field(() => Int, { description: '数量。How many.' }) count!: number;
}

@ObjectType({ description: '预警变动事件。Something happened to an alert.' })
export class AlertChange {
  @Field(() => ALERT_MOVES, { description: '类型。What happened.' }) kind!: AlertMoveKind;
  @Field(() => Date, { description: '时间。When.' }) occurredAt!: Date;
}

/** The ledger's and the department's; what supervision found is added to it. */
@Directive('@key(fields: "number departmentCode")')
@ObjectType()
export class Case {
  @Field(() => ID) number!: string;
  @Field(() => ID) departmentCode!: string;
}
