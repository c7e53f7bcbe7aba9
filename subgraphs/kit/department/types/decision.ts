import { Field, ID, Int, ObjectType } from 'type-graphql';
import { CalendarDay } from '../../schema/scalars.js';
import { DecisionOutcome, DeliveryChannel } from './case-enums.js';
import { ResultKind } from './item-enums.js';

@ObjectType({ description: '证照或批文。A certificate, licence or approval document.' })
export class Certificate {
  @Field(() => ID) number!: string;
  @Field(() => ResultKind) kind!: ResultKind;
  @Field() issuedAt!: Date;
  @Field(() => CalendarDay, { nullable: true }) validUntil?: string | null;
  @Field() electronic!: boolean;
}

/** Its `certificate` is a row of its own, resolved with it. */
@ObjectType({ description: '决定(第二十二条)。What was decided, and on which rules (Arts. 12, 22).' })
export class Decision {
  @Field(() => DecisionOutcome) outcome!: DecisionOutcome;
  @Field() decidedAt!: Date;
  @Field(() => String, { nullable: true, description: '不予批准时必填。Required when refused.' }) reasons?: string | null;
  @Field(() => Int, { description: '适用的审查细则版本。The version of the review rules it applied.' }) reviewRuleVersion!: number;
  @Field(() => String, { nullable: true }) documentNumber?: string | null;
  @Field({ description: '所用印章(第六条)。The seal it bears (Art. 6).' }) seal!: string;
}

@ObjectType({ description: '送达。How and when the result reached the applicant.' })
export class Delivery {
  @Field(() => DeliveryChannel) channel!: DeliveryChannel;
  @Field() deliveredAt!: Date;
  @Field(() => String, { nullable: true }) trackingNumber?: string | null;
}
