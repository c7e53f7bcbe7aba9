import { shanghaiDay } from '../../../../kit/calendar/working-calendar.js';
import type { DueDates } from '../../rules/due-dates.js';
import type { NoticeRow, RefusalRow } from '../../store/application-tables.js';
import type { CertificateRow, DocumentRow } from '../../store/file-tables.js';
import type { ApplicationRow, CaseRow, ProgressRow } from '../../store/tables.js';
import type { Paper } from '../paper.js';

/** All that a document may tell. What a kind of document needs is there when its row is. */
export interface PaperSubject {
  readonly document: DocumentRow;
  readonly application: ApplicationRow;
  readonly case: CaseRow | null;
  /** When its limits end by what was known when it was accepted: what came later is told in papers of its own. */
  readonly limits: Pick<DueDates, 'promisedDueAt' | 'statutoryDueAt'> | null;
  readonly itemName: string;
  readonly departmentName: string;
  readonly notice: NoticeRow | null;
  readonly refusal: RefusalRow | null;
  /** What of the case's timeline it tells. */
  readonly event: ProgressRow | null;
  /** The event of the decision, once there is one. */
  readonly decision: ProgressRow | null;
  readonly certificate: CertificateRow | null;
  /** Where its code leads. */
  readonly address: string;
}

/** How a paper of a kind is composed. */
export type PaperOf = (subject: PaperSubject) => Omit<Paper, 'day' | 'verification' | 'form'> & Partial<Pick<Paper, 'form' | 'day'>>;

export const day = (instant: Date): string => shanghaiDay(instant);

/** 豫政务受字410000DRUG2026…: a document of the Centre is numbered by what it is about. */
export function centreNumber(word: string, { application, case: accepted, document }: PaperSubject): string {
  const about = accepted?.number ?? application.id.slice(0, 8).toUpperCase();
  const more = document.kind === 'ONE_TIME_NOTICE' && document.ordinal > 1 ? `-${document.ordinal}` : '';
  return `豫政务${word}〔${day(document.createdAt).slice(0, 4)}〕${about}${more}号`;
}

/** How somebody is addressed: 你 a person, 你单位 a body. */
export function you({ application }: PaperSubject): string {
  return application.applicantKind === 'NATURAL_PERSON' ? '你' : '你单位';
}

export function text(detail: Record<string, unknown> | null | undefined, name: string): string | null {
  const value = detail?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function number(detail: Record<string, unknown> | null | undefined, name: string): number | null {
  const value = detail?.[name];
  return typeof value === 'number' ? value : null;
}
