import { buildFederatedSchema, entity, type FederatedSchema } from '../../kit/schema/federated-schema.js';
import { type AcceptanceContext, visibleApplication, visibleCase } from './context.js';
import { ApplicationResolver } from './resolvers/application-resolver.js';
import { CalendarResolver } from './resolvers/calendar-resolver.js';
import { CaseResolver } from './resolvers/case-resolver.js';
import { CaseDossierResolver, DossierResolver } from './resolvers/dossier-resolver.js';
import { DraftResolver } from './resolvers/draft-resolver.js';
import {
  ApplicationDocumentsResolver,
  CaseDocumentsResolver,
  DocumentResolver,
  FileResolver,
  MaterialResolver,
} from './resolvers/file-resolver.js';
import { HandlingResolver } from './resolvers/handling-resolver.js';
import { ApplicationVersionResolver, HistoryResolver } from './resolvers/history-resolver.js';
import { InboxChangeResolver, InboxResolver } from './resolvers/inbox-resolver.js';
import { LedgerEventResolver } from './resolvers/ledger-event-resolver.js';
import { ProgressResolver } from './resolvers/progress-resolver.js';
import { PublicityResolver, WithheldItemResolver } from './resolvers/publicity-resolver.js';
import { Application } from './types/application.js';
import { Case } from './types/case.js';

/** The ledger's part of the graph, which needs no store to be composed. */
export function acceptanceSchema(): Promise<FederatedSchema> {
  return buildFederatedSchema<AcceptanceContext>({
    resolvers: [
      ApplicationResolver,
      HandlingResolver,
      HistoryResolver,
      ApplicationVersionResolver,
      DraftResolver,
      FileResolver,
      ApplicationDocumentsResolver,
      CaseDocumentsResolver,
      DocumentResolver,
      MaterialResolver,
      DossierResolver,
      CaseDossierResolver,
      PublicityResolver,
      WithheldItemResolver,
      CaseResolver,
      ProgressResolver,
      InboxResolver,
      InboxChangeResolver,
      CalendarResolver,
      LedgerEventResolver,
    ],
    entities: [
      entity(Case, async ({ number, departmentCode }, context: AcceptanceContext) => {
        const row = await visibleCase(context, number);
        return row?.departmentCode === departmentCode ? row : null;
      }),
      entity(Application, ({ id }, context: AcceptanceContext) => visibleApplication(context, id)),
    ],
  });
}
