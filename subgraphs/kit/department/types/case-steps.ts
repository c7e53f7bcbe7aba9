import { Field, ID, Int, ObjectType } from 'type-graphql';
import { SpecialProcedureKind } from './case-enums.js';
import { StepKind } from './item-enums.js';

@ObjectType({ description: '办件的一个环节。One step of a case.' })
export class CaseStep {
  @Field(() => ID) code!: string;
  @Field() name!: string;
  @Field(() => StepKind) kind!: StepKind;
  @Field() startedAt!: Date;
  @Field(() => Date, { nullable: true }) finishedAt?: Date | null;
  @Field(() => String, { nullable: true, description: '承办人。Who handled it.' }) handler?: string | null;
  @Field(() => String, { nullable: true, description: '审查意见。The opinion it ended with.' }) opinion?: string | null;
}

@ObjectType({
  description: '特别程序(行政许可法第四十五条)。A procedure whose time is excluded from the limit (Administrative Licensing Law, Art. 45).',
})
export class SpecialProcedure {
  @Field(() => SpecialProcedureKind) kind!: SpecialProcedureKind;
  @Field() startedAt!: Date;
  @Field(() => Int, { nullable: true, description: '告知申请人的所需时间(日)。How many days the applicant was told.' })
  expectedDays?: number | null;
  @Field(() => Date, { nullable: true }) finishedAt?: Date | null;
  @Field() reason!: string;
}

@ObjectType({
  description: '延长期限(行政许可法第四十二条)。A limit extended once, with reasons (Administrative Licensing Law, Art. 42).',
})
export class LimitExtension {
  @Field(() => Int, { description: '延长的工作日。By how many working days.' }) days!: number;
  @Field() reason!: string;
  @Field() decidedAt!: Date;
}
