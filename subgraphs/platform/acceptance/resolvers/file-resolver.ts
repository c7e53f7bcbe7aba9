import { Arg, Ctx, Field, FieldResolver, ID, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { seesPersonalData } from '../access/personal-data.js';
import { verifyCertificate } from '../certificates/verify-certificate.js';
import type { AcceptanceContext } from '../context.js';
import { issuedDocument } from '../documents/issued-document.js';
import { prepareUpload } from '../materials/prepare-upload.js';
import type { DocumentRow } from '../store/file-tables.js';
import type { ApplicationRow, CaseRow } from '../store/tables.js';
import { SubmittedMaterial } from '../types/applicant.js';
import { Application } from '../types/application.js';
import { Case } from '../types/case.js';
import { CaseDocument, CertificateVerification } from '../types/document.js';
import { DOCUMENT_TITLES, type SealKind } from '../types/paper-enums.js';
import { MaterialUpload, PrepareUploadInput, UploadTarget } from '../types/upload.js';

@ObjectType({ description: '上传准备结果。What preparing an upload led to.' })
export class PrepareUploadPayload {
  @Field(() => MaterialUpload, { description: '上传。The upload.' }) upload!: MaterialUpload;
  @Field(() => UploadTarget, { description: '发送内容的地址。Where to send the content.' }) target!: UploadTarget;
}

type OwnedDocument = DocumentRow & { guarded: ApplicationRow | CaseRow };

@Resolver()
export class FileResolver {
  @Mutation(() => PrepareUploadPayload, {
    description:
      '准备上传一个文件,得到短时有效的上传地址;随后以上传编号提交材料。Prepares the upload of one file and tells where to send it; a material then names the upload.',
  })
  async prepareUpload(@Arg('input', () => PrepareUploadInput) input: PrepareUploadInput, @Ctx() { ledger, caller }: AcceptanceContext) {
    const row = await prepareUpload(ledger, caller, input);
    return { upload: row, target: ledger.links.link('PUT', `/uploads/${row.id}`) };
  }

  @Query(() => CertificateVerification, {
    nullable: true,
    description: '按编号核验证照,任何人可用。Verifies a certificate by its number; for anybody.',
  })
  async verifyCertificate(@Arg('number', () => ID) number: string, @Ctx() { ledger }: AcceptanceContext): Promise<CertificateVerification> {
    const { state, claims, documentSha256, signed } = await verifyCertificate(ledger, number);
    return {
      number,
      state,
      itemName: claims?.itemName ?? null,
      issuer: claims?.issuer ?? null,
      holder: claims?.holder ?? null,
      caseNumber: claims?.caseNumber ?? null,
      issuedAt: claims === null ? null : new Date(claims.issuedAt),
      validUntil: claims?.validUntil ?? null,
      electronic: claims?.electronic ?? null,
      documentSha256,
      signed,
    };
  }
}

const owned = async (context: AcceptanceContext, applicationId: string, guarded: ApplicationRow | CaseRow): Promise<OwnedDocument[]> =>
  (await context.loaders.documentsOf.load(applicationId)).map((row) => ({ ...row, guarded }));

@Resolver(() => Application)
export class ApplicationDocumentsResolver {
  @FieldResolver(() => [CaseDocument], { description: '文书,先出具者在前。Its documents, in the order they were issued.' })
  documents(@Root() row: ApplicationRow, @Ctx() context: AcceptanceContext) {
    return owned(context, row.id, row);
  }
}

@Resolver(() => Case)
export class CaseDocumentsResolver {
  @FieldResolver(() => [CaseDocument], {
    description: '文书,含受理之前的文书,先出具者在前。Its documents, those before acceptance too, in the order they were issued.',
  })
  documents(@Root() row: CaseRow, @Ctx() context: AcceptanceContext) {
    return owned(context, row.applicationId, row);
  }
}

@Resolver(() => CaseDocument)
export class DocumentResolver {
  @FieldResolver(() => String)
  title(@Root() { kind }: OwnedDocument): string {
    return DOCUMENT_TITLES[kind];
  }

  @FieldResolver(() => String)
  seal(@Root() { kind }: OwnedDocument): SealKind {
    return APPROVED.has(kind) ? 'APPROVAL' : 'ACCEPTANCE';
  }

  @FieldResolver(() => Date)
  issuedAt(@Root() { createdAt }: OwnedDocument): Date {
    return createdAt;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: '下载地址,短时有效;无权查看者为空。Where to fetch it, for a while; null for whoever may not see it in full.',
  })
  url(@Root() { id, guarded }: OwnedDocument, @Ctx() { ledger, caller }: AcceptanceContext): string | null {
    return seesPersonalData(caller, guarded) ? ledger.links.link('GET', `/documents/${id}.pdf`).url : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: '文件的 SHA-256;首次查询时生成文件。The SHA-256 of the file, which is drawn when this is first asked for.',
  })
  async sha256(@Root() row: OwnedDocument, @Ctx() { ledger }: AcceptanceContext): Promise<string | null> {
    return (await issuedDocument(ledger, row)).sha256 ?? null;
  }

  @FieldResolver(() => String, { description: '核验地址,任何人可用。Where anybody may verify it.' })
  verificationUrl(@Root() { id }: OwnedDocument, @Ctx() { ledger }: AcceptanceContext): string {
    return `${ledger.links.origin}/documents/${id}/verification`;
  }
}

/** What a department decides bears its own seal; everything else is the Centre's (Art. 6). */
const APPROVED: ReadonlySet<DocumentRow['kind']> = new Set([
  'SPECIAL_PROCEDURE_NOTICE',
  'EXTENSION_NOTICE',
  'APPROVAL_DECISION',
  'REFUSAL_DECISION',
  'TERMINATION_NOTICE',
  'CERTIFICATE',
]);

@Resolver(() => SubmittedMaterial)
export class MaterialResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      '下载地址,短时有效;无上传文件或无权查看者为空。Where to fetch the file, for a while; null without one, or for whoever may not see it.',
  })
  downloadUrl(@Root() { uploadId }: SubmittedMaterial & { uploadId?: string | null }, @Ctx() { ledger }: AcceptanceContext): string | null {
    return uploadId == null ? null : ledger.links.link('GET', `/materials/${uploadId}`).url;
  }
}
