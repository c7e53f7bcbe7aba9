import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type AuditEntry, type AuditSink, auditCaller, auditRequestId } from '../../subgraphs/kit/audit/audit-entry.js';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { ANONYMOUS, type Caller } from '../../subgraphs/kit/identity/caller.js';
import type { Logger } from '../observability/logger.js';
import { RefusalFlood } from './refusal-flood.js';

/** What the gateway's audit goes by, among those of the subgraphs. */
export const GATEWAY_NAME = 'gateway';

/** Codes that say "not you", "not from there" or "not so much", as against "not like this". */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'UNAUTHORIZED_FIELD_OR_TYPE',
  'ORIGIN_NOT_ALLOWED',
  'DOCUMENT_NOT_TRUSTED',
  'RATE_LIMITED',
  'COST_LIMIT_EXCEEDED',
  'OPERATION_TOO_LARGE',
  'PAYLOAD_TOO_LARGE',
  'TOO_MANY_CONNECTIONS',
  'TOO_MANY_SUBSCRIPTIONS',
  'UNKNOWN_DEPARTMENT',
  'INTERNAL_TOKEN_REJECTED',
  'SIGNATURE_REQUIRED',
  'SIGNATURE_REJECTED',
]);

/** Records that may wait for a store that is slow. Refusals beyond them are counted as lost, not kept. */
const WAITING = 1_000;
/** Milliseconds for which the answer to a mutation waits for its record, and the end of the process for all of them. */
const PATIENCE = 2_000;
const LAST_WORD = 10_000;

/** Who asked, as far as it is known, and for what. */
export interface AskedBy {
  readonly requestId: string;
  /** Absent: not established. */
  readonly caller?: Caller | undefined;
  readonly address?: string | undefined;
  /** The root fields; where nothing was read yet, how it came: `request`, `connection`. */
  readonly action?: string | undefined;
}

export interface GatewayAuditOptions {
  readonly sink: AuditSink;
  readonly clock: () => Date;
  readonly logger: Logger;
  /** Milliseconds; 1,000 by default. */
  readonly windowMs?: number | undefined;
  /** Milliseconds for which the answer to a mutation waits for its record; 2,000 by default. */
  readonly patienceMs?: number | undefined;
}

/**
 * What the gateway refused, and which mutations it let pass, in an audit of its own. Nothing of it is personal: callers are
 * digests of their subjects, addresses are digests under a key that lives as long as the process, so that equal ones are
 * seen to be equal and none can be found out. The gateway answers though its audit can not be written: it is reported, and
 * the subgraphs, which have the last word on every change, keep audits without which nothing changes. While the audit's store hangs,
 * so that not even that is known, mutations are refused.
 */
export class GatewayAudit implements AsyncDisposable {
  readonly #options: GatewayAuditOptions;
  readonly #flood: RefusalFlood;
  readonly #addressKey = randomBytes(32);
  readonly #seen = new WeakSet<object>();
  readonly #writing = new Set<Promise<void>>();
  #lost = 0;
  #failing = false;
  /** Somebody has waited in vain, and nothing has been answered since. */
  #stuck = false;

  constructor(options: GatewayAuditOptions) {
    this.#options = options;
    this.#flood = new RefusalFlood((entry) => {
      if (this.#writing.size < WAITING) void this.#write(entry);
      else this.#lost += entry.count;
    }, options.windowMs);
  }

  /** Refusals and mutations that could not be recorded. */
  get lost(): number {
    return this.#lost;
  }

  /** Records a refusal. What is none is passed over, and so is an error that was recorded elsewhere on its way. */
  refused(error: unknown, by: AskedBy, code = codeOf(error)): void {
    if (!REFUSALS.has(code)) return;
    if (typeof error === 'object' && error !== null) {
      if (this.#seen.has(error)) return;
      this.#seen.add(error);
    }
    this.#flood.note(this.#entry(by, String(code)));
  }

  /** Records each code among the errors of one answer once. */
  refusedAll(errors: readonly unknown[], by: AskedBy): void {
    const first = new Map(errors.map((error) => [codeOf(error), error] as const).toReversed());
    for (const error of first.values()) this.refused(error, by);
  }

  /**
   * Records a mutation that was run. Resolves when it is stored, or can not be, or a store that hangs has been waited for long
   * enough: the change is made, and its subgraph has it on record.
   */
  async mutated(by: AskedBy & { readonly object: string; readonly outcome: string }): Promise<void> {
    if (this.#writing.size >= WAITING) {
      this.#lost++;
      return;
    }
    const enough = new AbortController();
    const late = setTimeout(this.#patience, undefined, { signal: enough.signal }).then(
      () => {
        this.#stuck = true;
      },
      () => {},
    );
    await Promise.race([this.#write({ ...this.#entry(by, by.outcome), object: by.object }), late]);
    enough.abort();
  }

  /**
   * Refuses a mutation before anything is done for it while a store hangs, which those before it have waited for.
   * @throws CataloguedError STORE_UNAVAILABLE
   */
  refuseUnrecorded(): void {
    if (this.#stuck)
      throw new CataloguedError(
        'STORE_UNAVAILABLE',
        'changes can not be put on record at the moment; nothing was changed, try again later',
        {
          http: { status: 503 },
        },
      );
  }

  get #patience(): number {
    return this.#options.patienceMs ?? PATIENCE;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#flood[Symbol.dispose]();
    await Promise.race([Promise.all(this.#writing), setTimeout(LAST_WORD, undefined, { ref: false })]);
  }

  #entry({ caller, address, requestId, action = 'request' }: AskedBy, outcome: string): AuditEntry {
    const known = caller !== undefined && caller.subject !== ANONYMOUS.subject;
    return {
      at: this.#options.clock(),
      ...(known ? auditCaller(caller) : { subject: null, roles: '', requestId: auditRequestId(requestId) }),
      action: action.slice(0, 120),
      object: known || address === undefined ? '' : `address=${this.#digest(address)}`,
      outcome,
      count: 1,
    };
  }

  #digest(address: string): string {
    return createHmac('sha256', this.#addressKey).update(address).digest('hex').slice(0, 16);
  }

  #write(entry: AuditEntry): Promise<void> {
    const { sink, logger } = this.#options;
    const written = sink.record(entry).then(
      () => {
        this.#failing = false;
        this.#stuck = false;
      },
      (error: unknown) => {
        // it answers, if only with a fault
        this.#stuck = false;
        this.#lost += entry.count;
        // once until it works again: a flood must not go to the log instead
        if (!this.#failing) logger.error({ err: error }, 'the audit can not be written');
        this.#failing = true;
      },
    );
    const kept = written.finally(() => this.#writing.delete(kept));
    this.#writing.add(kept);
    return kept;
  }
}

function codeOf(error: unknown): unknown {
  return (error as { extensions?: { code?: unknown } } | null | undefined)?.extensions?.code;
}
