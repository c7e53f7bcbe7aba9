import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';

@InputType({ description: '申请人。The applicant, as the platform checked it.' })
export class AcceptedApplicantInput {
  @Field() kind!: string;
  @Field() name!: string;
  @Field() idNumber!: string;
  @Field(() => String, { nullable: true }) phone?: string | null;
}

@InputType({ description: '随件推送的材料。A material handed in with the application.' })
export class AcceptedMaterialInput {
  @Field(() => ID) code!: string;
  @Field() name!: string;
  @Field() source!: string;
  @Field(() => String, { nullable: true }) contentHash?: string | null;
  @Field(() => String, { nullable: true }) url?: string | null;
}

@InputType({ description: '申请表填写值。A value of the application form.' })
export class AcceptedFormValueInput {
  @Field(() => ID) name!: string;
  @Field() value!: string;
}

@InputType({ description: '受理推送的办件。An accepted case, as the platform pushes it.' })
export class AcceptedCaseInput {
  @Field(() => ID) number!: string;
  @Field(() => ID) departmentCode!: string;
  @Field(() => ID) itemCode!: string;
  @Field() acceptedAt!: Date;
  @Field(() => AcceptedApplicantInput) applicant!: AcceptedApplicantInput;
  @Field(() => [AcceptedMaterialInput]) materials!: AcceptedMaterialInput[];
  @Field(() => [AcceptedFormValueInput]) form!: AcceptedFormValueInput[];
  @Field(() => Int, { description: '承诺时限(工作日)。The promised limit, in working days.' }) promisedDays!: number;
  @Field(() => Int, { description: '法定时限(工作日)。The statutory limit, in working days.' }) statutoryDays!: number;
  @Field(() => Date, {
    nullable: true,
    description: '空值表示到期日所在年度的放假通知尚未发布。Null while no official calendar covers the year it falls in.',
  })
  promisedDueAt?: Date | null;
  @Field(() => Date, { nullable: true }) statutoryDueAt?: Date | null;
}

@ObjectType({ description: "收件回执。The department's receipt." })
export class ReceiveCasePayload {
  @Field(() => ID) caseNumber!: string;
  @Field() receivedAt!: Date;
  @Field({ description: '此前已收到同号办件。True when an earlier call with this number had been received already.' })
  alreadyReceived!: boolean;
}
