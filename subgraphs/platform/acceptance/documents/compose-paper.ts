import type { DocumentKind } from '../types/paper-enums.js';
import type { Paper } from './paper.js';
import { acceptanceNotice, acceptanceRefusal, oneTimeNotice, withdrawalConfirmation } from './papers/application-papers.js';
import {
  approvalDecision,
  certificatePaper,
  deliveryReceipt,
  extensionNotice,
  refusalDecision,
  specialProcedureNotice,
  terminationNotice,
} from './papers/case-papers.js';
import { day, type PaperOf, type PaperSubject } from './papers/paper-subject.js';

const PAPERS: Record<DocumentKind, PaperOf> = {
  ACCEPTANCE_NOTICE: acceptanceNotice,
  ACCEPTANCE_REFUSAL: acceptanceRefusal,
  ONE_TIME_NOTICE: oneTimeNotice,
  WITHDRAWAL_CONFIRMATION: withdrawalConfirmation,
  SPECIAL_PROCEDURE_NOTICE: specialProcedureNotice,
  EXTENSION_NOTICE: extensionNotice,
  APPROVAL_DECISION: approvalDecision,
  REFUSAL_DECISION: refusalDecision,
  TERMINATION_NOTICE: terminationNotice,
  CERTIFICATE: certificatePaper,
  DELIVERY_RECEIPT: deliveryReceipt,
};

/** What a document says, from the rows it is about. */
export function composePaper(subject: PaperSubject): Paper {
  const { document, application, address } = subject;
  return {
    form: 'letter',
    day: day(document.createdAt),
    ...PAPERS[document.kind](subject),
    verification: {
      address,
      label:
        document.kind === 'CERTIFICATE'
          ? '扫码核验证照'
          : `扫码核验文书\n${document.caseNumber ?? application.caseNumber ?? application.id}`,
    },
  };
}
