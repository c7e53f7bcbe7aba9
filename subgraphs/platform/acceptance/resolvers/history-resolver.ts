import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { CaseClock } from '../../../kit/clocks/clock-types.js';
import { formFor, materialsFor, seesPersonalData } from '../access/personal-data.js';
import { applicationClocks } from '../clocks/case-clocks.js';
import type { AcceptanceContext } from '../context.js';
import { APPEAL_TEXT } from '../rules/appeal-text.js';
import { isSecondNotice } from '../rules/one-time-notice.js';
import type { ApplicationEventRow, ApplicationVersionRow } from '../store/application-tables.js';
import type { ApplicationRow } from '../store/tables.js';
import { SubmittedMaterial, SubmittedValue } from '../types/applicant.js';
import { Application } from '../types/application.js';
import { AcceptanceRefusal, ApplicationEvent, ApplicationVersion, OneTimeNotice } from '../types/history.js';

/** What happened to an application. Whoever may see it gets it; what people wrote, only whoever may see personal data. */
@Resolver(() => Application)
export class HistoryResolver {
  @FieldResolver(() => [ApplicationEvent], { description: '全部进展,先发生者在前。Everything that happened to it, as it came.' })
  history(@Root() { id }: ApplicationRow, @Ctx() { loaders }: AcceptanceContext): Promise<ApplicationEventRow[]> {
    return loaders.applicationEventsOf.load(id);
  }

  @FieldResolver(() => [CaseClock], {
    description:
      '告知时限的现状,每次收件各计一次。How the limits of the notice stand, for each time it was received: handed in, and corrected.',
  })
  async clocks(@Root() row: ApplicationRow, @Ctx() { loaders, ledger }: AcceptanceContext): Promise<CaseClock[]> {
    const history = await loaders.applicationEventsOf.load(row.id);
    const accepted = row.caseNumber == null ? null : await loaders.caseByNumber.load(row.caseNumber);
    return applicationClocks(row, history, accepted?.acceptedAt ?? null, ledger.calendar, ledger.clock());
  }

  @FieldResolver(() => [OneTimeNotice], { description: '一次性告知,依法只应有一次。The notices given; the law wants no more than one.' })
  async notices(@Root() row: ApplicationRow, @Ctx() { loaders, caller }: AcceptanceContext): Promise<OneTimeNotice[]> {
    const full = seesPersonalData(caller, row);
    return (await loaders.noticesOf.load(row.id)).map(({ ordinal, complex, givenAt, dueAt, late, correctedAt, items }) => ({
      ordinal,
      anomaly: isSecondNotice(ordinal),
      complex,
      givenAt,
      dueAt: dueAt ?? null,
      late,
      correctedAt: correctedAt ?? null,
      items: full ? items : items.map((item) => ({ ...item, problem: null, remedy: null })),
    }));
  }

  @FieldResolver(() => AcceptanceRefusal, { nullable: true, description: '不予受理的理由。Why acceptance was refused.' })
  async refusal(@Root() row: ApplicationRow, @Ctx() { loaders, caller }: AcceptanceContext): Promise<AcceptanceRefusal | null> {
    const refusal = await loaders.refusalOf.load(row.id);
    if (refusal === null) return null;
    const { reason, explanation, competentBody, refusedAt } = refusal;
    const full = seesPersonalData(caller, row);
    return { reason, explanation: full ? explanation : null, competentBody: competentBody ?? null, refusedAt, appeal: APPEAL_TEXT };
  }

  @FieldResolver(() => [ApplicationVersion], { description: '历次补正之前的版本。What it was before each correction.' })
  async earlierVersions(@Root() row: ApplicationRow, @Ctx() { loaders }: AcceptanceContext): Promise<ApplicationVersion[]> {
    return (await loaders.versionsOf.load(row.id)).map((version) => Object.assign(version, { application: row }));
  }
}

type VersionOf = ApplicationVersionRow & { application: ApplicationRow };

@Resolver(() => ApplicationVersion)
export class ApplicationVersionResolver {
  @FieldResolver(() => [SubmittedMaterial], { description: '当时的申请材料。The materials of that version.' })
  materials(@Root() { application, materials }: VersionOf, @Ctx() { caller }: AcceptanceContext) {
    return materialsFor(caller, { ...application, materials });
  }

  @FieldResolver(() => [SubmittedValue], { description: '当时的申请表。The form of that version.' })
  form(@Root() { application, form }: VersionOf, @Ctx() { caller }: AcceptanceContext) {
    return formFor(caller, { ...application, form });
  }
}
