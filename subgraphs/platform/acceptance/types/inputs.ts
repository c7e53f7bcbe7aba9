import { Field, ID, InputType } from 'type-graphql';
import {
  APPLICANT_KINDS,
  APPLICATION_CHANNELS,
  APPLICATION_STATES,
  type ApplicantKind,
  type ApplicationChannel,
  type ApplicationState,
  CASE_PROGRESS_KINDS,
  CASE_STAGES,
  type CaseProgressKind,
  type CaseStage,
  MATERIAL_SOURCES,
  type MaterialSource,
} from './enums.js';

@InputType({ description: '申请人。The applicant.' })
export class ApplicantInput {
  @Field(() => APPLICANT_KINDS, { description: '申请人类型。What kind of applicant it is.' }) kind!: ApplicantKind;
  @Field({ description: '姓名或单位名称,至多100字。The name, of at most 100 characters.' }) name!: string;
  @Field({
    description:
      '自然人填公民身份号码,其他填统一社会信用代码。The resident identity number of a natural person, the unified social credit code of anybody else.',
  })
  idNumber!: string;
  @Field({ description: '联系电话:手机或带区号的固定电话。A mobile number, or a landline with its area code.' }) phone!: string;
}

@InputType({ description: '提交的材料。A material to hand in.' })
export class MaterialInput {
  @Field(() => ID, { description: '材料编码,见办事指南。Its code in the guide.' }) code!: string;
  @Field(() => MATERIAL_SOURCES, { description: '材料来源。Where it comes from.' }) source!: MaterialSource;
  @Field(() => String, { nullable: true, description: '内容摘要。The hash of its content.' }) contentHash?: string | null;
  @Field(() => String, { nullable: true, description: '存放地址(http 或 https)。Where it is kept (http or https).' }) url?: string | null;
  @Field(() => ID, {
    nullable: true,
    description:
      '已上传的文件编号(见 prepareUpload);给出时无需 contentHash 与 url。The file uploaded for it, see prepareUpload; it brings its own hash and address.',
  })
  uploadId?: string | null;
}

@InputType({ description: '申请表填写值。An entry of the form.' })
export class FormValueInput {
  @Field(() => ID, { description: '申请表项名称,见办事指南。Its name in the guide.' }) name!: string;
  @Field({ description: '填写内容,至多4000字。What is written, at most 4,000 characters.' }) value!: string;
}

@InputType({ description: '提交申请。An application to hand in.' })
export class SubmitApplicationInput {
  @Field(() => ID, {
    nullable: true,
    description:
      '客户端请求编号(幂等键):同一身份以同一编号重复提交,得到同一申请;内容不同则报 CONFLICT。Idempotency key: the same caller gets the same application for it, and CONFLICT for other content.',
  })
  clientRequestId?: string | null;
  @Field(() => ID, { description: '部门编码。The department.' }) departmentCode!: string;
  @Field(() => ID, { description: '事项编码。The item.' }) itemCode!: string;
  @Field(() => APPLICATION_CHANNELS, {
    description: '申请渠道;窗口与邮寄仅综合窗口可填。How it is handed in; only a window takes WINDOW and POST.',
  })
  channel!: ApplicationChannel;
  @Field(() => ApplicantInput, { description: '申请人。The applicant.' }) applicant!: ApplicantInput;
  @Field(() => [MaterialInput], { description: '申请材料。The materials.' }) materials!: MaterialInput[];
  @Field(() => [FormValueInput], { description: '申请表。The form.' }) form!: FormValueInput[];
  @Field(() => Boolean, {
    nullable: true,
    description:
      '窗口或邮寄收件时材料不齐仍予收件,随后须一次性告知。Taken in as it came, incomplete, at a window or by post; the one-time notice has to follow.',
  })
  asReceived?: boolean | null;
}

@InputType({ description: '受理申请。An application to accept.' })
export class AcceptApplicationInput {
  @Field(() => ID, { description: '申请编号。The application to accept.' }) applicationId!: string;
}

@InputType({ description: '办件筛选条件,须同时满足。Conditions on cases, all of which must hold.' })
export class CaseFilter {
  @Field(() => ID, { nullable: true, description: '承办部门。The department.' }) departmentCode?: string | null;
  @Field(() => ID, { nullable: true, description: '事项。The item, together with the department.' }) itemCode?: string | null;
  @Field(() => CASE_STAGES, { nullable: true, description: '所处阶段。The stage.' }) stage?: CaseStage | null;
  @Field(() => String, {
    nullable: true,
    description: "申请人证件号码,仅综合窗口及本部门可用。The applicant's number; for windows, and officers within their department.",
  })
  applicantIdNumber?: string | null;
  @Field(() => Date, { nullable: true, description: '受理不早于。Accepted at or after.' }) acceptedFrom?: Date | null;
  @Field(() => Date, { nullable: true, description: '受理早于。Accepted before.' }) acceptedTo?: Date | null;
  @Field(() => Boolean, { nullable: true, description: '未办结。Whether it is not closed yet.' }) open?: boolean | null;
}

@InputType({
  description: '进展筛选条件,须同时满足;列表为其中之一。Conditions on events, all of which must hold; of a list, one value must fit.',
})
export class CaseProgressFilter {
  @Field(() => [ID], { nullable: true, description: '承办部门。The departments.' }) departmentCodes?: string[] | null;
  @Field(() => [ID], { nullable: true, description: '事项。The items.' }) itemCodes?: string[] | null;
  @Field(() => [CASE_STAGES], { nullable: true, description: '事件之后所处阶段。The stages cases are in after the event.' }) stages?:
    | CaseStage[]
    | null;
  @Field(() => [CASE_PROGRESS_KINDS], { nullable: true, description: '进展类型。The kinds of event.' }) kinds?: CaseProgressKind[] | null;
  @Field(() => Boolean, { nullable: true, description: '仅本人申请的办件。My own cases alone, as their applicant.' }) mine?: boolean | null;
}

@InputType({ description: '申请筛选条件,须同时满足。Conditions on applications, all of which must hold.' })
export class ApplicationFilter {
  @Field(() => ID, { nullable: true, description: '部门。The department.' }) departmentCode?: string | null;
  @Field(() => ID, { nullable: true, description: '事项。The item, together with the department.' }) itemCode?: string | null;
  @Field(() => APPLICATION_STATES, { nullable: true, description: '申请状态。The state.' }) state?: ApplicationState | null;
  @Field(() => [APPLICATION_STATES], { nullable: true, description: '申请状态,其中之一。One of these states.' }) states?:
    | ApplicationState[]
    | null;
  @Field(() => APPLICATION_CHANNELS, { nullable: true, description: '申请渠道。The channel.' }) channel?: ApplicationChannel | null;
  @Field(() => Boolean, {
    nullable: true,
    description: '经二次及以上告知(异常)。Whether a second notice was given, which is an anomaly.',
  })
  secondNotice?: boolean | null;
  @Field(() => Date, { nullable: true, description: '提交不早于。Handed in at or after.' }) submittedFrom?: Date | null;
  @Field(() => Date, { nullable: true, description: '提交早于。Handed in before.' }) submittedTo?: Date | null;
}
