import { randomUUID } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { Store } from '../../../kit/store/open-store.js';
import { transaction } from '../../../kit/store/transaction.js';
import { type CaseRow, cases, type DispatchRow, dispatches } from '../store/tables.js';
import type { DispatchState } from '../types/enums.js';

const UNDELIVERED: DispatchState[] = ['PENDING', 'REFUSED'];

/** A dispatch that this worker, and no other, is trying until its lease ends. */
export interface Claim {
  readonly token: string;
  readonly attempts: number;
  readonly row: CaseRow;
}

/** What a department has not received. */
export interface Backlog {
  readonly departmentCode: string;
  readonly waiting: number;
  /** Of those, what it refused when it was last handed it. */
  readonly refused: number;
  /** When the oldest of them was accepted. */
  readonly oldest: Date;
}

export interface Failure {
  state: DispatchState;
  code: string;
  /** Milliseconds since 1970. */
  nextAttemptAt: number;
}

/** The cases on their way, in the store. Several workers, in several processes, may take from it. */
export class DispatchQueue {
  constructor(
    readonly store: Store,
    /** Milliseconds after which a claim is anybody's again: its worker must have died. */
    readonly lease: number,
  ) {}

  /** When each department with undelivered cases has one to be tried, in milliseconds since 1970. */
  async due(): Promise<Map<string, number>> {
    const rows = await this.store
      .fork()
      .execute<{ code: string; due: number | string }[]>(
        "select department_code as code, min(next_attempt_at) as due from dispatch where state in ('PENDING', 'REFUSED') group by department_code",
      );
    return new Map(rows.map(({ code, due }) => [code, Number(due)]));
  }

  /** What each department has not received, and since when its oldest case was accepted. */
  async backlog(): Promise<Backlog[]> {
    const rows = await this.store
      .fork()
      .execute<{ code: string; waiting: number | string; refused: number | string; oldest: number | string | Date }[]>(
        "select d.department_code as code, count(*) as waiting, sum(case when d.state = 'REFUSED' then 1 else 0 end) as refused, min(c.accepted_at) as oldest " +
          "from dispatch d join accepted_case c on c.number = d.case_number where d.state in ('PENDING', 'REFUSED') group by d.department_code",
      );
    return rows.map(({ code, waiting, refused, oldest }) => ({
      departmentCode: code,
      waiting: Number(waiting),
      refused: Number(refused),
      oldest: instantOf(oldest),
    }));
  }

  /** Takes at most `limit` due dispatches of a department, those that wait longest first. */
  async claim(departmentCode: string, limit: number): Promise<Claim[]> {
    const token = randomUUID();
    const claimed = await transaction(this.store.fork(), async (tx) => {
      const now = Date.now();
      const rows = await tx.find(
        dispatches,
        { state: { $in: UNDELIVERED }, departmentCode, nextAttemptAt: { $lte: now } },
        { orderBy: { nextAttemptAt: 'asc' }, limit, lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE },
      );
      for (const row of rows) {
        row.claimedBy = token;
        row.attempts++;
        // the lease: it is tried again then, should this worker die
        row.nextAttemptAt = now + this.lease;
      }
      return rows.map(({ caseNumber, attempts }) => ({ caseNumber, attempts }));
    });
    const rows = await this.store.fork().find(cases, { number: { $in: claimed.map(({ caseNumber }) => caseNumber) } });
    const byNumber = new Map(rows.map((row) => [row.number, row]));
    return claimed.flatMap(({ caseNumber, attempts }) => {
      const row = byNumber.get(caseNumber);
      return row === undefined ? [] : [{ token, attempts, row }];
    });
  }

  async delivered({ row }: Claim, at: { deliveredAt: Date; receivedAt: Date }): Promise<void> {
    // whoever's the lease is by now: it has arrived
    await this.#set({ caseNumber: row.number, state: { $in: UNDELIVERED } }, { ...at, state: 'DELIVERED', lastErrorCode: null });
  }

  async failed({ row, token }: Claim, { code, ...rest }: Failure): Promise<void> {
    await this.#set(
      { caseNumber: row.number, claimedBy: token, state: { $in: UNDELIVERED } },
      { ...rest, lastErrorCode: code.slice(0, 64) },
    );
  }

  /** Has the waiting dispatches of a department tried now: those in `states`, unless somebody is trying them. */
  async hurry(departmentCode: string, states: DispatchState[]): Promise<void> {
    const now = Date.now();
    await this.store
      .fork()
      .nativeUpdate(
        dispatches,
        { departmentCode, state: { $in: states }, claimedBy: null, nextAttemptAt: { $gt: now } },
        { nextAttemptAt: now },
      );
  }

  async #set(
    where: { caseNumber: string; claimedBy?: string; state: { $in: DispatchState[] } },
    change: Partial<DispatchRow>,
  ): Promise<void> {
    await this.store.fork().nativeUpdate(dispatches, where, { ...change, claimedBy: null });
  }
}

/** A moment as drivers give it where no column type reads it: milliseconds on SQLite, a text in UTC or a Date elsewhere. */
function instantOf(value: number | string | Date): Date {
  if (typeof value !== 'string') return new Date(value);
  return new Date(/^\d+$/.test(value) ? Number(value) : `${value.replace(' ', 'T')}Z`);
}
