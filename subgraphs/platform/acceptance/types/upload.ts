import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { UPLOAD_STATES, type UploadState } from './paper-enums.js';

@InputType({ description: '上传文件的说明。What is said of a file before it is sent.' })
export class PrepareUploadInput {
  @Field(() => ID, { nullable: true, description: '客户端请求编号(幂等键)。Idempotency key.' }) clientRequestId?: string | null;
  @Field({ description: '文件名,至多200字。Its name, at most 200 characters.' }) fileName!: string;
  @Field({
    description:
      '媒体类型;以文件头实际内容为准核验。Its media type, which its first bytes have to bear out: PDF, PNG, JPEG, OFD, ZIP, DOCX or XLSX.',
  })
  mediaType!: string;
  @Field(() => Int, { description: '字节数,至多50 MiB。Its size in bytes, at most 50 MiB.' }) size!: number;
  @Field(() => String, { nullable: true, description: 'SHA-256(十六进制),给出则核验。Its SHA-256 in hexadecimal, checked when given.' })
  sha256?: string | null;
}

@ObjectType({ description: '上传的文件。A file that was, or is to be, uploaded.' })
export class MaterialUpload {
  @Field(() => ID, { description: '上传编号。Its id.' }) id!: string;
  @Field(() => UPLOAD_STATES, { description: '状态。What has become of it.' }) state!: UploadState;
  @Field({ description: '文件名。Its name.' }) fileName!: string;
  @Field({ description: '媒体类型。Its media type.' }) mediaType!: string;
  @Field(() => Int, { description: '字节数。Its size in bytes.' }) size!: number;
  @Field(() => String, { nullable: true, description: 'SHA-256(十六进制)。Hexadecimal; null before it has arrived.' }) sha256!:
    | string
    | null;
  @Field(() => String, { nullable: true, description: 'SM3(十六进制,GB/T 32905)。Hexadecimal; null before it has arrived.' }) sm3!:
    | string
    | null;
  @Field({ description: '是否经病毒扫描。Whether a virus scanner has looked at it.' }) scanned!: boolean;
}

@ObjectType({ description: '上传地址:以 PUT 发送文件内容,短时有效。Where to send the content, by PUT; it works for a while only.' })
export class UploadTarget {
  @Field({ description: '地址。The address.' }) url!: string;
  @Field(() => Date, { description: '失效时间。Until when it works.' }) expiresAt!: Date;
}
