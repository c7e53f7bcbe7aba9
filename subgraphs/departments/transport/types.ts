import 'reflect-metadata';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

/** The classes of oversize loads, by mass and measures. */
export enum TransportOversizeClass {
  I = 'I',
  II = 'II',
  III = 'III',
}
registerEnumType(TransportOversizeClass, {
  name: 'TransportOversizeClass',
  description: '超限运输类别(Ⅰ、Ⅱ、Ⅲ类)。The classes of oversize loads, III being the largest.',
});

@ObjectType({ description: '一座桥梁的验算结果。Whether one bridge of the route bears the load.' })
export class TransportBridgeCheck {
  @Field({ description: '桥梁名称。The bridge.' }) bridge!: string;
  @Field({ description: '可通行。Whether it bears the load.' }) passable!: boolean;
  @Field(() => String, { nullable: true, description: '说明。A remark.' }) note!: string | null;
  @Field() checkedAt!: Date;
}

@ObjectType({ description: '行驶路线。The route of a transport or a line.' })
export class TransportRoute {
  @Field({ description: '起点。Where it starts.' }) origin!: string;
  @Field({ description: '终点。Where it ends.' }) destination!: string;
  @Field(() => [String], { description: '途经省份。The provinces it passes.' }) provinces!: string[];
  @Field(() => Float, { nullable: true, description: '里程(公里)。Its length in kilometres.' }) kilometres!: number | null;
  @Field(() => TransportOversizeClass, { nullable: true, description: '超限类别。The class of the load.' })
  oversizeClass!: TransportOversizeClass | null;
}

@ObjectType({ description: '一轴的轴荷。The load on one axle.' })
export class TransportAxleLoad {
  @Field(() => Int, { description: '自前向后第几轴。1 for the front axle.' }) axle!: number;
  @Field(() => Int, { description: '千克。Kilograms.' }) kilograms!: number;
}

/** What this department adds to every case of its own. */
@ObjectType('Case')
export class TransportCase {
  @Field(() => ID) number!: string;
  @Field(() => ID) departmentCode!: string;
}
