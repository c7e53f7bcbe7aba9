import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { APPLICATION_CHANNELS, APPLICATION_STATES, type ApplicationChannel, type ApplicationState } from './enums.js';

@Directive('@key(fields: "id")')
@ObjectType({ description: '申请,即受理前申请人所提交的全部内容。What an applicant hands in, before it is accepted.' })
export class Application {
  @Field(() => ID, { description: '申请编号。Its id.' }) id!: string;
  @Field(() => APPLICATION_STATES, { description: '申请状态。What has become of it.' }) state!: ApplicationState;
  @Field(() => APPLICATION_CHANNELS, { description: '申请渠道。How it was handed in.' }) channel!: ApplicationChannel;
  @Field(() => Date, { description: '提交时间。When it was handed in.' }) submittedAt!: Date;
  @Field(() => Date, {
    nullable: true,
    description:
      '逾期未作答复即视为受理的时间(行政许可法第三十二条);已有结论或待补正时为空。When it is deemed accepted without an answer (Administrative Licensing Law, Art. 32); null once answered.',
  })
  deemedDueAt!: Date | null;
  @Field(() => Int, { description: '已一次性告知的次数;大于1即为异常。How many notices were given; more than 1 is an anomaly.' })
  noticeCount!: number;
  @Field(() => Int, { description: '材料版次,每次补正加一。The version of its content, one more with every correction.' })
  contentVersion!: number;
}
