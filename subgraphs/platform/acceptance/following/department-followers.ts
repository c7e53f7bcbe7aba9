import { loggableError } from '../../../kit/errors/loggable-error.js';
import { FeedConsumer } from '../../../kit/feed/consumer.js';
import type { InternalTokens } from '../../../kit/identity/internal-tokens.js';
import type { Fence } from '../../../kit/leases/lease.js';
import type { Ledger } from '../ledger.js';
import { type DepartmentRow, departments } from '../store/tables.js';
import { applyDepartmentEvent } from './apply-department-event.js';
import type { DepartmentEvent } from './department-event.js';
import { DepartmentSource, type SocketPatience } from './department-source.js';

export interface DepartmentFollowersOptions {
  ledger: Ledger;
  /** Held by the one instance that follows. */
  fence?: Fence;
  tokens: InternalTokens;
  backoff: { first: number; most: number };
  patience: SocketPatience;
  /** Called when a department's feed answers after it did not. */
  onBack: (departmentCode: string) => void;
  /** Called when a department has registered, for the first time or anew. */
  onRegistered: (departmentCode: string) => void;
}

interface Following {
  department: DepartmentRow;
  source: DepartmentSource;
  consumer: FeedConsumer<DepartmentEvent>;
}

/** Follows the feed of every department there is. */
export class DepartmentFollowers implements AsyncDisposable {
  readonly #options: DepartmentFollowersOptions;
  readonly #following = new Map<string, Following>();
  #refreshing: Promise<void> = Promise.resolve();
  #open = true;

  constructor(options: DepartmentFollowersOptions) {
    this.#options = options;
  }

  /** Where a department is reached, as far as is known. */
  urlOf(departmentCode: string): string | undefined {
    return this.#following.get(departmentCode)?.department.url;
  }

  /** Follows whoever is new, and goes to the new address of whoever has moved. */
  refresh(): Promise<void> {
    this.#refreshing = this.#refreshing
      .then(() => this.#refresh())
      .catch((error) => this.#options.ledger.log.error({ err: loggableError(error) }, 'unexpected error'));
    return this.#refreshing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    await this.#refreshing;
    await Promise.all([...this.#following.values()].map(({ consumer }) => consumer[Symbol.asyncDispose]()));
  }

  async #refresh(): Promise<void> {
    const rows = await this.#options.ledger.store.fork().find(departments, {});
    for (const department of rows) {
      if (!this.#open) return;
      const known = this.#following.get(department.code);
      if (known === undefined) {
        this.#following.set(department.code, this.#follow(department));
      } else if (known.department.registrations !== department.registrations) {
        const moved = known.department.subscriptionUrl !== department.subscriptionUrl || known.department.url !== department.url;
        known.department = department;
        if (moved) known.source.reconnect();
        known.consumer.nudge();
      } else continue;
      this.#options.onRegistered(department.code);
    }
  }

  #follow(department: DepartmentRow): Following {
    const { ledger, fence, tokens, backoff, patience, onBack } = this.#options;
    const { code } = department;
    const source = new DepartmentSource({
      departmentCode: code,
      addresses: () => this.#following.get(code)?.department ?? department,
      tokens,
      patience,
      onConnected: () => onBack(code),
    });
    const log = ledger.log.child({ department: code });
    const consumer = new FeedConsumer<DepartmentEvent>({
      store: ledger.store,
      source,
      backoff,
      fence,
      run: (em, work) => ledger.feed.transaction(em, work),
      apply: (tx, event, append) => applyDepartmentEvent(tx, append, event, { departmentCode: code, recordedAt: ledger.clock(), ledger }),
      onFailure: (error) => log.warn({ err: loggableError(error) }, 'the feed of a department broke off; following it again'),
      onRewound: (rewound) =>
        log.error(
          rewound,
          'a department does not know the events that the ledger applied last: its store was set back, or begun anew; nothing of it is applied',
        ),
      onRefused: (event, reason) => log.error({ event: event.id, reason }, 'an event of a department has no effect'),
      // its cases would all stand still otherwise; what is missing has to be asked of the department
      onGap: ({ after, oldest }) =>
        log.error(
          { after, oldest, code: 'CURSOR_EXPIRED' },
          'a department no longer keeps events that the ledger has not seen; going on after them',
        ),
    });
    return { department, source, consumer };
  }
}
