import { Field, ID, InputType, Int } from 'type-graphql';
import { REFUSAL_REASONS, type RefusalReason } from './enums.js';
import { FormValueInput, MaterialInput, SubmitApplicationInput } from './inputs.js';

@InputType({ description: '需补正的一项:材料或申请表项,二者择一。One thing to correct: a material or an entry of the form, not both.' })
export class NoticeItemInput {
  @Field(() => ID, { nullable: true, description: '材料编码,见办事指南。The material, by its code in the guide.' })
  materialCode?: string | null;
  @Field(() => ID, { nullable: true, description: '申请表项名称,见办事指南。The entry of the form, by its name in the guide.' })
  formField?: string | null;
  @Field({ description: '存在的问题,至多1000字。What is missing or wrong, at most 1,000 characters.' }) problem!: string;
  @Field({ description: '补正要求,至多1000字。How to mend it, at most 1,000 characters.' }) remedy!: string;
  @Field(() => Boolean, {
    nullable: true,
    description:
      '须提交纸质件;可提交电子件的材料不得如此要求(第十九条)。Whether it is wanted on paper; never where electronic will do (Art. 19).',
  })
  onPaper?: boolean | null;
}

@InputType({ description: '一次性告知(第十七条)。A one-time notice (Art. 17).' })
export class GiveNoticeInput {
  @Field(() => ID, { description: '客户端请求编号(幂等键):重试不构成二次告知。Idempotency key: a retry is no second notice.' })
  clientRequestId!: string;
  @Field(() => ID, { description: '申请编号。The application.' }) applicationId!: string;
  @Field(() => [NoticeItemInput], {
    description: '须补正的全部内容,一次告知。Everything to be corrected, told at once.',
  })
  items!: NoticeItemInput[];
  @Field({
    defaultValue: false,
    description:
      '情况复杂,2个工作日内告知;否则应当场告知。Whether it is complex and may take 2 working days; otherwise it is told on the spot.',
  })
  complex!: boolean;
}

@InputType({ description: '补正申请。Corrections of an application.' })
export class CorrectApplicationInput {
  @Field(() => ID, { description: '客户端请求编号(幂等键)。Idempotency key.' }) clientRequestId!: string;
  @Field(() => ID, { description: '申请编号。The application.' }) applicationId!: string;
  @Field(() => [MaterialInput], { description: '替换或新增的材料。Materials to replace or to add.' }) materials!: MaterialInput[];
  @Field(() => [FormValueInput], { description: '重新填写的表项。Entries of the form, filled in anew.' }) form!: FormValueInput[];
}

@InputType({ description: '不予受理(行政许可法第三十二条)。To refuse acceptance (Administrative Licensing Law, Art. 32).' })
export class RefuseAcceptanceInput {
  @Field(() => ID, { description: '申请编号。The application.' }) applicationId!: string;
  @Field(() => REFUSAL_REASONS, { description: '理由。The reason.' }) reason!: RefusalReason;
  @Field({ description: '书面说明,至多4000字。The reasons in writing, at most 4,000 characters.' }) explanation!: string;
  @Field(() => String, {
    nullable: true,
    description: '有权机关;理由为 NOT_COMPETENT 时必填。The competent body; required with NOT_COMPETENT.',
  })
  competentBody?: string | null;
}

@InputType({ description: '受理前撤回申请。To withdraw an application before it is accepted.' })
export class WithdrawApplicationInput {
  @Field(() => ID, { description: '申请编号。The application.' }) applicationId!: string;
}

@InputType({ description: '保存草稿。To save a draft.' })
export class SaveDraftInput {
  @Field(() => ID, { nullable: true, description: '草稿编号;新建时省略。The draft; left out for a new one.' }) id?: string | null;
  @Field(() => ID, {
    nullable: true,
    description: '客户端请求编号,新建草稿的幂等键。Idempotency key for a new draft.',
  })
  clientRequestId?: string | null;
  @Field(() => Int, {
    nullable: true,
    description: '所依据的草稿版次;与现存不符则报 CONFLICT。The revision it builds on; CONFLICT when the draft has another by now.',
  })
  revision?: number | null;
  @Field(() => SubmitApplicationInput, {
    description: '已填写的内容,可不完整。What was filled in so far; it need not be complete.',
  })
  content!: SubmitApplicationInput;
}

@InputType({ description: '提交草稿。To hand a draft in.' })
export class SubmitDraftInput {
  @Field(() => ID, { description: '草稿编号。The draft.' }) id!: string;
}

@InputType({ description: '删除草稿。To throw a draft away.' })
export class DiscardDraftInput {
  @Field(() => ID, { description: '草稿编号。The draft.' }) id!: string;
}
