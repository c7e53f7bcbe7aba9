import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Append, NewEvent } from '../../../kit/feed/event-feed.js';
import { type AlertRow, alertMoves, alertTallies } from '../store/tables.js';
import { type AlertMoveKind, type AlertState, STATES_IN_HAND } from '../types/enums.js';

/** What happens to an alert, and by whom. */
export interface AlertMove {
  readonly kind: AlertMoveKind;
  /** The state after it. */
  readonly to: AlertState;
  readonly actor?: string;
  readonly role?: string;
  readonly text?: string;
  readonly dueAt?: Date | null;
}

type TallyKey = Pick<AlertRow, 'departmentCode' | 'rule' | 'level' | 'state'>;

/** What one transaction does to alerts: every move is recorded, counted and told of, or none is. */
export class AlertChanges {
  readonly #told: NewEvent[] = [];
  readonly #tally = new Map<string, { key: TallyKey; by: number }>();

  constructor(
    readonly tx: SqlEntityManager,
    readonly now: Date,
  ) {}

  /** Counts an alert that is new; its first move follows. */
  count(row: AlertRow, by: 1 | -1): void {
    const key = { departmentCode: row.departmentCode, rule: row.rule, level: row.level, state: row.state };
    const name = JSON.stringify(Object.values(key));
    const entry = this.#tally.get(name) ?? { key, by: 0 };
    entry.by += by;
    this.#tally.set(name, entry);
  }

  move(row: AlertRow, { kind, to, actor, role, text, dueAt }: AlertMove): void {
    if (row.state !== to) {
      this.count(row, -1);
      row.state = to;
      row.inHand = STATES_IN_HAND.includes(to);
      this.count(row, 1);
    }
    row.moveCount++;
    this.tx.create(alertMoves, {
      alertId: row.id,
      ordinal: row.moveCount,
      kind,
      at: this.now,
      actor: actor ?? null,
      role: role ?? null,
      text: text ?? null,
      dueAt: dueAt ?? null,
    });
    const payload = { rule: row.rule, level: row.level, state: to, ordinal: row.moveCount, caseNumber: row.caseNumber ?? null };
    this.#told.push({ kind, scope: row.departmentCode, subject: row.id, payload, occurredAt: this.now });
  }

  /** Writes the counts and tells of what happened. Called once, last. */
  async flush(append: Append): Promise<void> {
    // in one order everywhere, so that two who count the same don't wait for each other
    const changed = [...this.#tally].filter(([, { by }]) => by !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
    if (changed.length > 0) {
      await this.tx.upsertMany(
        alertTallies,
        changed.map(([, { key }]) => ({ ...key, count: 0 })),
        { onConflictAction: 'ignore', onConflictFields: ['departmentCode', 'rule', 'level', 'state'] },
      );
    }
    for (const [, { key, by }] of changed) {
      const { departmentCode, rule, level, state } = key;
      await this.tx.execute(
        'update alert_tally set count = count + ? where department_code = ? and rule = ? and level = ? and state = ?',
        [by, departmentCode, rule, level, state],
        'run',
      );
    }
    await append(...this.#told);
  }
}
