import { expectThat, Unmet } from '../unmet.js';
import { CASE_EVENTS, type CaseEvent } from './documents.js';
import { errorList } from './graphql-answer.js';
import type { TransportMessage, TransportSocket } from './transport-socket.js';

/** One subscription to `caseEvents` on a socket. */
export class EventStream {
  constructor(
    readonly socket: TransportSocket,
    readonly id: string,
    departmentCode: string,
    after: string | undefined,
  ) {
    socket.send({ type: 'subscribe', id, payload: { query: CASE_EVENTS, variables: { departmentCode, after: after ?? null } } });
  }

  isMine = ({ id, type }: TransportMessage): boolean => id === this.id && (type === 'next' || type === 'error' || type === 'complete');

  /** @throws Unmet when it ends, fails or keeps silent. */
  async next(): Promise<CaseEvent> {
    return eventOf(await this.socket.next(this.isMine, 'an event'));
  }

  /** Events up to and with the first that fits, at most `most`. @throws Unmet */
  async until(fits: (event: CaseEvent) => boolean, most = 100_000): Promise<CaseEvent[]> {
    const events: CaseEvent[] = [];
    while (events.length < most) {
      const event = await this.next();
      events.push(event);
      if (fits(event)) return events;
    }
    throw new Unmet(`the event waited for was not among ${most}`);
  }

  complete(): void {
    this.socket.send({ type: 'complete', id: this.id });
  }
}

function eventOf({ type, payload }: TransportMessage): CaseEvent {
  if (type === 'error') throw new Unmet('the subscription was refused', { found: errorList(payload)[0]?.message });
  expectThat(type === 'next', 'the event stream ended; it has to stay open', { expected: 'next', found: type });
  const { data, errors } = (payload ?? {}) as { data?: { caseEvents?: CaseEvent | null } | null; errors?: unknown };
  if (errors !== undefined) throw new Unmet('an event came with errors', { found: errorList(errors)[0]?.message });
  if (data?.caseEvents == null) throw new Unmet('an event came without data', { found: payload });
  return data.caseEvents;
}
