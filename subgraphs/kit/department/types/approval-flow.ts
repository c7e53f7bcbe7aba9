import { Field, ID, Int, ObjectType } from 'type-graphql';
import { StepKind } from './item-enums.js';

@ObjectType({ description: '审批流程中的一个环节。One step of the approval flow.' })
export class ApprovalStep {
  @Field(() => ID) code!: string;
  @Field() name!: string;
  @Field(() => StepKind) kind!: StepKind;
  @Field(() => Int, { nullable: true, description: "环节时限(工作日)。The step's own limit, in working days." }) limitDays?: number | null;
  @Field({ description: '可不进驻(第九条)。May be done away from the Centre (Art. 9).' }) offSite!: boolean;
}

@ObjectType({ description: '审查工作细则(第十二条)。What a step reviews, by which standard (Art. 12).' })
export class ReviewRule {
  @Field(() => Int, { description: '细则版本,决定须引用。The version a decision cites.' }) version!: number;
  @Field(() => ID) stepCode!: string;
  @Field({ description: '审查内容 content' }) content!: string;
  @Field({ description: '审查标准 standard' }) standard!: string;
  @Field(() => [String], { description: '审查要点 key points' }) keyPoints!: readonly string[];
  @Field(() => String, { nullable: true, description: '注意事项 notes' }) notes?: string | null;
}
