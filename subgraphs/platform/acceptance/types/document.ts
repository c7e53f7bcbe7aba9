import { Field, ID, ObjectType } from 'type-graphql';
import { CERTIFICATE_STATES, type CertificateState, DOCUMENT_KINDS, type DocumentKind, SEAL_KINDS, type SealKind } from './paper-enums.js';

@ObjectType({ description: '文书,可打印的 PDF。A document as a printable PDF.' })
export class CaseDocument {
  @Field(() => ID, { description: '文书编号。Its id.' }) id!: string;
  @Field(() => DOCUMENT_KINDS, { description: '种类。Its kind.' }) kind!: DocumentKind;
  @Field({ description: '名称。Its title.' }) title!: string;
  @Field(() => SEAL_KINDS, { description: '所用印章(第六条)。The seal it bears (Art. 6).' }) seal!: SealKind;
  @Field(() => Date, { description: '出具时间。When it was issued.' }) issuedAt!: Date;
}

@ObjectType({ description: '证照核验结果。What verifying a certificate found.' })
export class CertificateVerification {
  @Field(() => ID, { description: '证照编号。The number that was asked for.' }) number!: string;
  @Field(() => CERTIFICATE_STATES, { description: '核验结果。The result.' }) state!: CertificateState;
  @Field(() => String, { nullable: true, description: '许可事项。The item it is for.' }) itemName!: string | null;
  @Field(() => String, { nullable: true, description: '颁发机关。Who issued it.' }) issuer!: string | null;
  @Field(() => String, { nullable: true, description: '持证人,自然人仅显示姓氏。Whose it is; of a person, the surname only.' }) holder!:
    | string
    | null;
  @Field(() => ID, { nullable: true, description: '统一受理编号。The case.' }) caseNumber!: string | null;
  @Field(() => Date, { nullable: true, description: '颁发时间。When it was issued.' }) issuedAt!: Date | null;
  @Field(() => String, { nullable: true, description: '有效期至(日期)。Its last day, YYYY-MM-DD; null without an end.' }) validUntil!:
    | string
    | null;
  @Field(() => Boolean, { nullable: true, description: '是否电子证照。Whether it is an e-certificate.' }) electronic!: boolean | null;
  @Field(() => String, {
    nullable: true,
    description: '电子证照 PDF 的 SHA-256。The SHA-256 of the e-certificate as a PDF; null before it was first drawn.',
  })
  documentSha256!: string | null;
  @Field(() => String, { nullable: true, description: '平台签名(JWS,EdDSA)。The signature of the platform (JWS, EdDSA).' }) signed!:
    | string
    | null;
}
