import { Arg, Ctx, Field, FieldResolver, ID, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { requireRole } from '../../../kit/identity/caller.js';
import { seesPersonalData } from '../access/personal-data.js';
import { isStaff } from '../access/row-guard.js';
import { handOverDossier } from '../archive/hand-over-dossier.js';
import { sealDossier } from '../archive/seal-dossier.js';
import { verifyDossier } from '../archive/verify-dossier.js';
import { type AcceptanceContext, visibleCase } from '../context.js';
import type { DossierRow } from '../store/file-tables.js';
import type { CaseRow } from '../store/tables.js';
import { Case } from '../types/case.js';
import { Dossier, DossierVerification, HandOverDossierInput, SealDossierInput } from '../types/dossier.js';

@ObjectType({ description: '档案操作结果。What was done to a dossier.' })
export class DossierPayload {
  @Field(() => Dossier, { description: '档案。The dossier.' }) dossier!: Dossier;
}

@Resolver(() => Dossier)
export class DossierResolver {
  @Mutation(() => DossierPayload, {
    description:
      '提前封存已办结办件的档案。综合窗口或省大数据中心。Seals the dossier of a closed case before it is due. For windows and the Centre.',
  })
  async sealDossier(@Arg('input', () => SealDossierInput) { caseNumber }: SealDossierInput, @Ctx() { ledger, caller }: AcceptanceContext) {
    requireRole(caller, 'window', 'centre');
    return { dossier: await sealDossier(ledger, caseNumber) };
  }

  @Mutation(() => DossierPayload, {
    description:
      '登记档案移交(第二十五条)。综合窗口或省大数据中心。Records that a dossier was handed over (Art. 25). For windows and the Centre.',
  })
  async handOverDossier(
    @Arg('input', () => HandOverDossierInput) input: HandOverDossierInput,
    @Ctx() { ledger, caller }: AcceptanceContext,
  ) {
    return { dossier: await handOverDossier(ledger, caller, input) };
  }

  @Query(() => DossierVerification, {
    nullable: true,
    description: '核验已封存的档案,仅工作人员可用。Verifies a sealed dossier; for staff who may see the case.',
  })
  async verifyDossier(@Arg('caseNumber', () => ID) caseNumber: string, @Ctx() context: AcceptanceContext): Promise<DossierVerification> {
    if (!isStaff(context.caller)) requireRole(context.caller, 'window', 'monitor', 'centre', 'bureau');
    if ((await visibleCase(context, caseNumber)) === null)
      throw new CataloguedError('CASE_NOT_FOUND', 'caseNumber is no case that you may see', { field: 'caseNumber' });
    return verifyDossier(context.ledger, caseNumber);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      '档案文件(ZIP)的下载地址,短时有效;未封存或无权查看者为空。Where to fetch it as a ZIP, for a while; null before it is sealed, or for whoever may not see it in full.',
  })
  async url(@Root() { caseNumber, sealedAt }: DossierRow, @Ctx() context: AcceptanceContext): Promise<string | null> {
    const row = sealedAt == null ? null : await visibleCase(context, caseNumber);
    return row !== null && seesPersonalData(context.caller, row)
      ? context.ledger.links.link('GET', `/dossiers/${caseNumber}.zip`).url
      : null;
  }
}

@Resolver(() => Case)
export class CaseDossierResolver {
  @FieldResolver(() => Dossier, {
    nullable: true,
    description: '档案,办结后才有,仅工作人员可见。Its dossier, once it is closed; for staff only.',
  })
  async dossier(@Root() { number }: CaseRow, @Ctx() { loaders, caller }: AcceptanceContext): Promise<DossierRow | null> {
    return isStaff(caller) ? loaders.dossierOf.load(number) : null;
  }
}
