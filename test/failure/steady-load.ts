import { setTimeout as pause } from 'node:timers/promises';
import { GraphAnswerError } from '../../gateway/main/demo/graph-client.js';
import { Officer } from '../../gateway/main/demo/officer.js';
import { completeApplication, type OfferedItem } from '../support/case-work.js';
import { eventually, type Graph } from '../support/graph.js';
import { Gateways, type Person } from './people.js';

export const WORK = ['accept', 'move', 'query'] as const;
export type Work = (typeof WORK)[number];

/** One thing somebody did, and how it went. */
export interface Outcome {
  readonly work: Work;
  readonly began: number;
  readonly ended: number;
  /** Why it failed; undefined when it did not. */
  readonly code: string | undefined;
  /** Whether a list was answered with fields missing that a part which is down would have given. */
  readonly partial: boolean;
}

export interface LoadOptions {
  readonly graphs: readonly Graph[];
  readonly items: readonly OfferedItem[];
  readonly departments: readonly string[];
  /** Milliseconds between two things one person does. */
  readonly rest: number;
}

const PAGE = '{ cases(first: 10) { nodes { number departmentCode stage receivedAt item { name guide { fee } } } } }';
/** Cases that are worked on; older ones are left as they are. */
const IN_WORK = 12;
const PARTIAL = Symbol('partial');

/** People who work all the time: hand in and accept, take cases a step further, look at lists. */
export class SteadyLoad implements AsyncDisposable {
  readonly outcomes: Outcome[] = [];
  /** Cases whose acceptance was acknowledged. */
  readonly accepted: { readonly number: string; readonly departmentCode: string }[] = [];
  readonly #options: LoadOptions;
  readonly #gateways: Gateways;
  readonly #people: Promise<unknown>;
  readonly #over = new AbortController();

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#gateways = new Gateways(options.graphs);
    const everybody = options.departments.map((code, index) => [
      this.#work('accept', (n) => this.#accept(code, 300 * index + (n % 300))),
      this.#work('move', (n) => this.#move(code, n)),
      this.#work('query', () => this.#look()),
    ]);
    this.#people = Promise.all(everybody.flat());
  }

  count(work: Work): number {
    return this.outcomes.reduce((sum, outcome) => sum + Number(outcome.work === work), 0);
  }

  /** Resolves once every kind of work was begun and ended at least so often from now on, well or not. */
  async attempts(times: number): Promise<void> {
    await this.#each(times, () => true);
  }

  /** Resolves once every kind of work has succeeded so often from now on, and milliseconds later than now. */
  async successes(times: number): Promise<void> {
    await this.#each(times, ({ code }) => code === undefined);
  }

  async #each(times: number, counts: (outcome: Outcome) => boolean): Promise<void> {
    const from = performance.now();
    await eventually(
      async () => {
        const since = this.outcomes.filter((outcome) => outcome.began >= from && counts(outcome));
        return WORK.every((work) => since.filter((outcome) => outcome.work === work).length >= times) ? true : undefined;
      },
      `${times} of every kind of work`,
      120_000,
    );
  }

  #person(role: string): Person {
    return this.#gateways.person(role);
  }

  async #work(work: Work, once: (n: number) => Promise<unknown>): Promise<void> {
    for (let n = 0; !this.#over.signal.aborted; n++) {
      const began = performance.now();
      let code: string | undefined;
      let partial = false;
      try {
        const done = await once(n);
        partial = done === PARTIAL;
        if (done === undefined) {
          await pause(this.#options.rest);
          continue;
        }
      } catch (error) {
        if (!(error instanceof GraphAnswerError)) throw error;
        code = error.codes[0] ?? 'UNKNOWN';
      }
      this.outcomes.push({ work, began, ended: performance.now(), code, partial });
      await pause(this.#options.rest);
    }
  }

  async #accept(code: string, n: number): Promise<string> {
    const item = this.#options.items.find(({ departmentCode }) => departmentCode === code) as OfferedItem;
    const { submitApplication } = await this.#person('applicant').ask<{ submitApplication: { application: { id: string } } }>(
      'Submit',
      'mutation Submit($input: SubmitApplicationInput!) { submitApplication(input: $input) { application { id } } }',
      { input: completeApplication(item, n) },
    );
    const { acceptApplication } = await this.#person('window').ask<{ acceptApplication: { case: { number: string } } }>(
      'Accept',
      'mutation Accept($input: AcceptApplicationInput!) { acceptApplication(input: $input) { case { number } } }',
      { input: { applicationId: submitApplication.application.id } },
    );
    const { number } = acceptApplication.case;
    this.accepted.push({ number, departmentCode: code });
    return number;
  }

  /** A list with fields of several parts; those of one that is down may be missing. */
  async #look(): Promise<unknown> {
    const { data, errors } = await this.#person('window').read('Page', PAGE);
    if ((data as { cases: unknown } | null | undefined)?.cases == null) throw new GraphAnswerError('Page', errors);
    return errors.length === 0 ? data : PARTIAL;
  }

  /** The next thing on one of the youngest cases; undefined where there is nothing to do. */
  async #move(code: string, n: number): Promise<string | undefined> {
    const own = this.accepted.filter(({ departmentCode }) => departmentCode === code).slice(-IN_WORK);
    const one = own[n % Math.max(1, own.length)];
    return one && new Officer(this.#person(`department:${code}`)).advance(one.number);
  }

  /** Ends when everybody has finished what is at hand. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#people;
  }
}
