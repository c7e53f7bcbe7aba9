import { Field, ID, Int, ObjectType } from 'type-graphql';
import { ResultKind } from './item-enums.js';

@ObjectType({ description: '申请材料。One material a guide asks for.' })
export class RequiredMaterial {
  @Field(() => ID) code!: string;
  @Field() name!: string;
  @Field({ description: '必要。Without it an application is incomplete.' }) required!: boolean;
  @Field(() => Int, { description: '份数。How many copies.' }) copies!: number;
  @Field({ description: '可提交电子件。May be handed in electronically.' }) electronic!: boolean;
  @Field({
    description:
      '可共享获取,不得要求申请人提交(第十九条)。The platform gets it from a shared source, so the applicant must not be asked for it (Art. 19).',
  })
  shared!: boolean;
  @Field(() => String, { nullable: true, description: '示范文本。A model text.' }) modelTextUrl?: string | null;
}

@ObjectType({ description: '申请表的一项。One entry of the application form.' })
export class FormField {
  @Field(() => ID, { description: '填写值以此名提交。The name its value is handed in under.' }) name!: string;
  @Field() label!: string;
  @Field() required!: boolean;
  @Field(() => String, { nullable: true, description: '填写说明。How to fill it in.' }) hint?: string | null;
}

@ObjectType({ description: '办事指南(第十一条)。Everything an applicant is entitled to know before applying (Art. 11).' })
export class ServiceGuide {
  @Field(() => Int, { description: '指南版本,每次修改递增。Raised with every change.' }) version!: number;
  @Field() publishedAt!: Date;
  @Field({ description: "事项名称。The item's name." }) itemName!: string;
  @Field({ description: '实施主体。The implementing body.' }) implementingBody!: string;
  @Field(() => [String], { description: '设定依据。The legal basis.' }) legalBasis!: readonly string[];
  @Field(() => [String], { description: '申请条件。Conditions for applying.' }) conditions!: readonly string[];
  @Field(() => [RequiredMaterial], { description: '申请材料。Materials to hand in.' }) materials!: readonly RequiredMaterial[];
  @Field(() => [FormField], { description: '申请表内容。What the application form asks.' }) formFields!: readonly FormField[];
  @Field(() => [String], { description: '常见错误示例。Common errors.' }) commonErrors!: readonly string[];
  @Field({ description: '收费标准。Fees.' }) fee!: string;
  @Field(() => String, { nullable: true, description: '收费依据。The basis of the fees.' }) feeBasis?: string | null;
  @Field(() => [String], { description: '办理流程。The process, step by step.' }) process!: readonly string[];
  @Field(() => Int, { description: '法定办结时限(工作日)。The statutory limit, in working days.' }) statutoryDays!: number;
  @Field(() => Int, { description: '承诺办结时限(工作日)。The promised limit, in working days.' }) promisedDays!: number;
  @Field({ description: '结果名称。What the applicant gets, by name.' }) resultName!: string;
  @Field(() => ResultKind, { description: '结果类型。What the applicant gets, by kind.' }) result!: ResultKind;
  @Field(() => String, { nullable: true, description: '结果样本。A sample of the result.' }) resultSampleUrl?: string | null;
  @Field(() => [String], { description: '咨询方式。Where to ask.' }) consultation!: readonly string[];
}
