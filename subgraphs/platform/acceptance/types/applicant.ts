import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { APPLICANT_KINDS, type ApplicantKind, MATERIAL_SOURCES, type MaterialSource } from './enums.js';

/** Whoever has to do with cases; administrators and anonymous callers have not, and the gateway does not even ask for them. */
const CASE_ROLES = ['applicant', 'window', 'department', 'monitor', 'centre', 'bureau'];

@Directive(`@requiresScopes(scopes: [${CASE_ROLES.map((role) => `["role:${role}"]`).join(', ')}])`)
@ObjectType({
  description:
    '申请人。姓名、证件号码、电话仅申请人本人、综合窗口和承办部门可见全文,其他人所见为脱敏内容。An applicant. The applicant, windows and the handling department see it in full, everybody else masked.',
})
export class Applicant {
  @Field(() => APPLICANT_KINDS, { description: '申请人类型。What kind of applicant it is.' }) kind!: ApplicantKind;
  @Field({ description: '姓名或单位名称。The name of the person or body.' }) name!: string;
  @Field({ description: '公民身份号码或统一社会信用代码。The resident identity number, or the unified social credit code.' })
  idNumber!: string;
  @Field({ description: '联系电话。The phone number.' }) phone!: string;
}

@ObjectType({ description: '已提交的材料。A material as it was handed in.' })
export class SubmittedMaterial {
  @Field(() => ID, { description: '材料编码,见办事指南。Its code in the guide.' }) code!: string;
  @Field({ description: '材料名称。Its name in the guide.' }) name!: string;
  @Field(() => MATERIAL_SOURCES, { description: '材料来源。Where it came from.' }) source!: MaterialSource;
  @Field(() => String, {
    nullable: true,
    description: '内容摘要;无权查看者为空。The hash of its content; null for whoever may not see it.',
  })
  contentHash!: string | null;
  @Field(() => String, { nullable: true, description: '存放地址;无权查看者为空。Where it is kept; null for whoever may not see it.' })
  url!: string | null;
}

@ObjectType({ description: '申请表填写值。An entry of the form as it was filled in.' })
export class SubmittedValue {
  @Field(() => ID, { description: '申请表项名称。The entry of the form.' }) name!: string;
  @Field(() => String, { nullable: true, description: '填写内容;无权查看者为空。What was written; null for whoever may not see it.' })
  value!: string | null;
}
