import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType({
  description: '办件档案(第二十五条)。The dossier of a closed case (Art. 25).',
})
export class Dossier {
  @Field(() => Date, { description: '办结时间。When the case was closed.' }) closedAt!: Date;
  @Field(() => Date, { description: '应封存时间。When it is sealed at the latest.' }) sealDueAt!: Date;
  @Field(() => Date, { nullable: true, description: '封存时间。When it was sealed.' }) sealedAt!: Date | null;
  @Field(() => Int, { nullable: true, description: '文件数。How many files it has.' }) entries!: number | null;
  @Field(() => String, { nullable: true, description: '清单的 SHA-256。The SHA-256 of its manifest.' }) manifestSha256!: string | null;
  @Field(() => String, { nullable: true, description: '档案文件的 SHA-256。The SHA-256 of the whole file.' }) sha256!: string | null;
  @Field(() => Date, { nullable: true, description: '移交时间。When it was handed over to the archive.' }) handedOverAt!: Date | null;
  @Field(() => String, { nullable: true, description: '接收方。Who took it.' }) receivedBy!: string | null;
  @Field(() => String, { nullable: true, description: '移交说明。What was noted about it.' }) handOverNote!: string | null;
}

@ObjectType({ description: '档案核验结果。What verifying a dossier found.' })
export class DossierVerification {
  @Field({ description: '完整且未经改动。Whether it is whole and unchanged.' }) valid!: boolean;
  @Field(() => [String], { description: '发现的问题。Everything that is wrong with it.' }) problems!: string[];
  @Field(() => Int, { description: '封存之后发生的进展数。How many events of the case came after the seal.' }) laterEvents!: number;
}

@InputType({ description: '封存档案。To seal a dossier.' })
export class SealDossierInput {
  @Field(() => ID, { description: '统一受理编号。The case.' }) caseNumber!: string;
}

@InputType({ description: '移交档案。To hand a dossier over to the archive.' })
export class HandOverDossierInput {
  @Field(() => ID, { description: '统一受理编号。The case.' }) caseNumber!: string;
  @Field({ description: '接收方,至多200字。Who takes it, at most 200 characters.' }) receivedBy!: string;
  @Field(() => String, { nullable: true, description: '移交说明。A note.' }) note?: string | null;
}
