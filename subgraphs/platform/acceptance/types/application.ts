import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { APPLICATION_CHANNELS, APPLICATION_STATES, type ApplicationChannel, type ApplicationState } from './enums.js';

@Directive('@key(fields: "id")')
@ObjectType({ description: '申请,即受理前申请人所提交的全部内容。What an applicant hands in, before it is accepted.' })
export class Application {
  @Field(() => ID, { description: '申请编号。Its id.' }) id!: string;
  @Field(() => APPLICATION_STATES, { description: '申请状态。What has become of it.' }) state!: ApplicationState;
  @Field(() => APPLICATION_CHANNELS, { description: '申请渠道。How it was handed in.' }) channel!: ApplicationChannel;
  @Field(() => Date, { description: '提交时间。When it was handed in.' }) submittedAt!: Date;
}
