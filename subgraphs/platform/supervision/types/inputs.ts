import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Alert } from './alert.js';
import { ALERT_LEVELS, ALERT_RULES, ALERT_STATES, type AlertLevel, type AlertRule, type AlertState } from './enums.js';

@InputType({ description: '预警筛选条件,须同时满足。Which alerts to list; all conditions together.' })
export class AlertFilter {
  @Field(() => ID, { nullable: true, description: '部门编码。Of this department.' }) departmentCode?: string | null;
  @Field(() => ALERT_LEVELS, { nullable: true, description: '级别。Of this level.' }) level?: AlertLevel | null;
  @Field(() => ALERT_STATES, { nullable: true, description: '状态。In this state.' }) state?: AlertState | null;
  @Field(() => ALERT_RULES, { nullable: true, description: '规则。By this rule.' }) rule?: AlertRule | null;
  @Field(() => ID, { nullable: true, description: '统一受理编号。About this case.' }) caseNumber?: string | null;
  @Field(() => Boolean, { nullable: true, description: '是否仍待处理。Whether somebody still has to do something.' }) inHand?:
    | boolean
    | null;
}

@InputType({ description: '确认预警。Which alert to take up.' })
export class AcknowledgeAlertInput {
  @Field(() => ID, { description: '预警编号。The alert.' }) id!: string;
  @Field(() => Int, { description: '所读到的版本。The version that was read.' }) version!: number;
}

@InputType({ description: '下达督办。A correction order.' })
export class IssueCorrectionOrderInput {
  @Field(() => ID, { description: '预警编号。The alert.' }) id!: string;
  @Field(() => Int, { description: '所读到的版本。The version that was read.' }) version!: number;
  @Field({ description: '整改要求。What is to be corrected.' }) demand!: string;
  @Field(() => Int, { defaultValue: 5, description: '答复期限(工作日),1 至 60。Working days to answer in, 1 to 60.' }) days!: number;
}

@InputType({ description: '部门回复督办。The reply of the department to a correction order.' })
export class ReplyToCorrectionOrderInput {
  @Field(() => ID, { description: '预警编号。The alert.' }) id!: string;
  @Field(() => Int, { description: '所读到的版本。The version that was read.' }) version!: number;
  @Field({ description: '整改情况。What was done.' }) reply!: string;
}

@InputType({ description: '办结督办或预警。How a correction order, or an alert, is closed.' })
export class CloseAlertInput {
  @Field(() => ID, { description: '预警编号。The alert.' }) id!: string;
  @Field(() => Int, { description: '所读到的版本。The version that was read.' }) version!: number;
  @Field({ description: '结论。The conclusion.' }) conclusion!: string;
}

@InputType({ description: '上报预警。Why an alert is passed on to the Bureau.' })
export class EscalateAlertInput {
  @Field(() => ID, { description: '预警编号。The alert.' }) id!: string;
  @Field(() => Int, { description: '所读到的版本。The version that was read.' }) version!: number;
  @Field({ description: '理由。The reason.' }) reason!: string;
}

@ObjectType({ description: '预警办理的结果。An alert after a move.' })
export class AlertPayload {
  @Field(() => Alert, { description: '预警。The alert.' }) alert!: Alert;
}
