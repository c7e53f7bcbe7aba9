import { createHash } from 'node:crypto';
import type { Caller } from '../identity/caller.js';

/** What may be recorded; the record itself adds its place and its hash. It never has personal data. */
export interface AuditEntry {
  readonly at: Date;
  /** Of the person or system, see {@link auditSubject}; null for one that could not be established. */
  readonly subject: string | null;
  /** Those that the platform knows, joined by a blank. */
  readonly roles: string;
  /** The root field: `decide`; several are joined by a blank. */
  readonly action: string;
  /** What it was about: `departmentCode=drug caseNumber=…`; empty when nothing was named. */
  readonly object: string;
  /** BEGUN when a mutation starts; OK or an error code when it has ended, or was refused. */
  readonly outcome: string;
  readonly requestId: string;
  /** More than 1 when equal refusals came faster than they could be written one by one. */
  readonly count: number;
}

/** Where records go. A gateway may keep a sink of its own. */
export interface AuditSink {
  /** Resolves once the record is stored; whoever waits for it changes nothing unrecorded. */
  record(entry: AuditEntry): Promise<void>;
}

const ROLE = /^(applicant|window|monitor|centre|bureau|admin|platform|department:[a-z0-9-]{1,32})$/;
/** Arguments that name what a mutation is about, at the top or in `input`. */
const NAMING = ['departmentCode', 'name', 'code', 'itemCode', 'number', 'caseNumber', 'applicationId', 'id', 'stepCode'] as const;
/** What is given, and the rows that payloads have. */
const ROWS = ['input', 'application', 'case', 'draft', 'upload', 'dossier', 'withheldItem', 'supergraphVersion'] as const;
const PLAIN = /^[\w.-]{1,64}$/;
/** What somebody may put in the place of a code: a resident number, a phone number. */
const PERSONAL = /^(\d{15}|\d{17}[\dXx]|1\d{10})$/;

/** A digest of who it was, the same as the ledger keeps: whoever knows the subject finds its records. */
export function auditSubject(subject: string): string {
  return createHash('sha256').update(subject).digest('hex');
}

export function auditCaller({ subject, roles, requestId }: Caller): Pick<AuditEntry, 'subject' | 'roles' | 'requestId'> {
  return {
    subject: auditSubject(subject),
    roles: roles
      .filter((role) => ROLE.test(role))
      .join(' ')
      .slice(0, 200),
    requestId: auditRequestId(requestId),
  };
}

export function auditRequestId(requestId: unknown): string {
  return typeof requestId === 'string' && PLAIN.test(requestId) && !PERSONAL.test(requestId) ? requestId : 'unknown';
}

/** What the arguments of a mutation, or what it led to, name. Only what has the form of a code is taken over. */
export function auditObject(...sources: unknown[]): string {
  const named = new Map<string, string>();
  for (const source of sources) {
    for (const holder of holders(source)) {
      for (const name of NAMING) {
        const value = (holder as Record<string, unknown>)[name];
        const text = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
        if (text !== undefined && PLAIN.test(text) && !named.has(name)) named.set(name, PERSONAL.test(text) ? '*' : text);
      }
    }
  }
  return Array.from(named, ([name, value]) => `${name}=${value}`)
    .join(' ')
    .slice(0, 250);
}

/** What is given, and in it `input`, or a payload's rows. */
function holders(source: unknown): object[] {
  if (typeof source !== 'object' || source === null) return [];
  const nested = ROWS.map((name) => (source as Record<string, unknown>)[name]);
  return [source, ...nested].filter((holder): holder is object => typeof holder === 'object' && holder !== null);
}
