import { Field, ID, ObjectType } from 'type-graphql';
import { CASE_PROGRESS_KINDS, CASE_STAGES, type CaseProgressKind, type CaseStage } from './enums.js';

@ObjectType({ description: '办件进展,即台账所记的一个事件。One event in the life of a case, as the ledger recorded it.' })
export class CaseProgress {
  @Field(() => CASE_PROGRESS_KINDS, { description: '进展类型。What happened.' }) kind!: CaseProgressKind;
  @Field(() => Date, { description: '发生时间(以部门所报为准)。When it happened, as the department says.' }) occurredAt!: Date;
  @Field(() => Date, { description: '记入台账时间。When the ledger learnt of it.' }) recordedAt!: Date;
  @Field(() => CASE_STAGES, { description: '此后所处阶段。The stage the case was in after it.' }) stage!: CaseStage;
  @Field(() => ID, { description: '统一受理编号。The case.' }) caseNumber!: string;
  @Field(() => ID, { description: '承办部门编码。The department that handles it.' }) departmentCode!: string;
  @Field(() => String, { nullable: true, description: '环节名称。The step, by name.' }) stepName!: string | null;
  @Field(() => String, { nullable: true, description: '承办人。Who handled it.' }) handler!: string | null;
  @Field(() => String, { nullable: true, description: '说明。A note.' }) note!: string | null;
}
