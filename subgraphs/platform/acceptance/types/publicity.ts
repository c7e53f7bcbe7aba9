import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { APPLICANT_KINDS, type ApplicantKind, DECISION_OUTCOMES, type DecisionOutcome } from './enums.js';
import { PUBLIC_RESULT_PARTS, type PublicResultPart, WITHHOLDING_GROUNDS, type WithholdingGround } from './paper-enums.js';

@ObjectType({ description: '不予公开的部分及理由(第二十四条)。Something that is withheld, and why (Art. 24).' })
export class Withheld {
  @Field(() => PUBLIC_RESULT_PARTS, { description: '不予公开的部分。What is withheld.' }) part!: PublicResultPart;
  @Field(() => WITHHOLDING_GROUNDS, { description: '理由。Why.' }) ground!: WithholdingGround;
  @Field({ description: '说明。An explanation.' }) explanation!: string;
}

@ObjectType({ description: '公开的办理结果(第二十四条)。A result as anybody may see it (Art. 24).' })
export class PublicResult {
  @Field(() => ID, { description: '统一受理编号。The unified acceptance number.' }) caseNumber!: string;
  @Field(() => DECISION_OUTCOMES, { nullable: true, description: '办理结果。How it was decided.' }) outcome!: DecisionOutcome | null;
  @Field(() => Date, { description: '受理时间。When it was accepted.' }) acceptedAt!: Date;
  @Field(() => Date, { nullable: true, description: '决定时间。When it was decided.' }) decidedAt!: Date | null;
  @Field(() => String, { nullable: true, description: '证照或批文编号。The number of the certificate or document.' })
  certificateNumber!: string | null;
  @Field(() => APPLICANT_KINDS, { description: '申请人类型。What kind of applicant it is.' }) applicantKind!: ApplicantKind;
  @Field({ description: '申请人;自然人仅显示姓氏。The applicant; of a person, the surname only.' }) applicant!: string;
  @Field(() => [Withheld], { description: '不予公开的部分及理由。What is withheld, and why.' }) withheld!: Withheld[];
}

@InputType({ description: '公开结果的筛选条件,须同时满足。Conditions on published results, all of which must hold.' })
export class PublicResultFilter {
  @Field(() => ID, { nullable: true, description: '部门。The department.' }) departmentCode?: string | null;
  @Field(() => ID, { nullable: true, description: '事项。The item, together with the department.' }) itemCode?: string | null;
  @Field(() => DECISION_OUTCOMES, { nullable: true, description: '办理结果。The outcome.' }) outcome?: DecisionOutcome | null;
  @Field(() => Date, { nullable: true, description: '决定不早于。Decided at or after.' }) decidedFrom?: Date | null;
  @Field(() => Date, { nullable: true, description: '决定早于。Decided before.' }) decidedTo?: Date | null;
}

@ObjectType({ description: '结果不予公开的事项。An item whose results are withheld.' })
export class WithheldItem {
  @Field(() => WITHHOLDING_GROUNDS, { description: '理由。Why.' }) ground!: WithholdingGround;
  @Field({ description: '说明。An explanation.' }) explanation!: string;
  @Field(() => Date, { description: '决定时间。When that was decided.' }) decidedAt!: Date;
}

@InputType({ description: '不予公开某事项的结果。To withhold the results of an item.' })
export class WithholdResultsInput {
  @Field(() => ID, { description: '部门。The department.' }) departmentCode!: string;
  @Field(() => ID, { description: '事项。The item.' }) itemCode!: string;
  @Field(() => WITHHOLDING_GROUNDS, { description: '理由。Why.' }) ground!: WithholdingGround;
  @Field({ description: '说明,至多1000字。An explanation, at most 1,000 characters.' }) explanation!: string;
}

@InputType({ description: '恢复公开某事项的结果。To publish the results of an item again.' })
export class PublishResultsInput {
  @Field(() => ID, { description: '部门。The department.' }) departmentCode!: string;
  @Field(() => ID, { description: '事项。The item.' }) itemCode!: string;
}
