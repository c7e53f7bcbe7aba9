import { randomUUID } from 'node:crypto';
import type { ExchangeSender } from '../exchange/sender.js';
import type { Caller } from '../identity/caller.js';
import { registrationMetric } from '../observability/subgraph-metrics.js';
import { callSubgraph, SubgraphCallFailed } from '../server/call-subgraph.js';
import type { SubgraphEnvironment } from '../server/subgraph-environment.js';

const AUDIENCE = 'registry';
/** Milliseconds. Composition takes its time, and other registrations may stand before this one. */
const TIMEOUT = 60_000;

/** What registering needs of a subgraph's environment. */
export type RegistrationEnvironment = Pick<SubgraphEnvironment, 'registry' | 'tokens' | 'log' | 'publicUrl' | 'metrics'> & {
  /** Signs the registration as the party that registers. */
  readonly sender?: ExchangeSender | undefined;
};

export interface RegistrationOptions {
  /** Milliseconds before the first retry, and at most. */
  backoff?: { first: number; most: number };
}

/** A subgraph on its way into the graph. Disposing of it stops trying; it takes nothing back. */
export interface Registration extends AsyncDisposable {
  /**
   * Settles once: fulfilled when the registry has taken the subgraph (or there is no registry, or it was disposed of
   * before); rejected with {@link RegistrationRefused} when the registry refuses it. Nobody has to wait for it.
   */
  readonly done: Promise<void>;
}

/** One reason the registry gave. */
export interface RegistrationProblem {
  readonly message: string;
  /** The schema coordinate to blame, when there is one. */
  readonly member?: string;
  /** One-based, in the registered SDL. */
  readonly line?: number;
  readonly column?: number;
}

/** The registry won't have it as it is: trying again is of no use. The message lists every problem, one a line. */
export class RegistrationRefused extends Error {
  override readonly name = 'RegistrationRefused';

  constructor(
    subgraph: string,
    /** CONTRACT_VIOLATION, COMPOSITION_FAILED, BAD_USER_INPUT, FORBIDDEN, … */
    readonly code: string,
    reason: string,
    readonly problems: readonly RegistrationProblem[],
  ) {
    super([`${subgraph} was refused by the registry (${code}): ${reason}`, ...problems.map(problemLine)].join('\n  '));
  }
}

/** A registration as it is sent. */
export interface RegistrationCall {
  readonly subgraph: string;
  readonly caller: Omit<Caller, 'requestId'>;
  readonly query: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Sends a registration until the registry takes or refuses it, however long the registry is away. */
export function keepRegistering(env: RegistrationEnvironment, call: RegistrationCall, options: RegistrationOptions = {}): Registration {
  const stopped = new AbortController();
  const done = register(env, call, options.backoff ?? { first: 250, most: 10_000 }, stopped.signal);
  if (env.registry !== undefined && env.metrics !== undefined) registrationMetric(env.metrics, done);
  // a refusal that nobody waits for is in the log, and no reason to end the process
  const settled = done.catch(() => {});
  return {
    done,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await settled;
    },
  };
}

async function register(
  { registry, tokens, log, sender }: RegistrationEnvironment,
  { subgraph, caller, query, input }: RegistrationCall,
  { first, most }: { first: number; most: number },
  stopped: AbortSignal,
): Promise<void> {
  if (registry === undefined) return;
  for (let wait = first; !stopped.aborted; wait = Math.min(wait * 2, most)) {
    const requestId = randomUUID();
    try {
      const authorization = await tokens.authorization(AUDIENCE, { ...caller, requestId });
      await callSubgraph({
        url: registry.url,
        authorization,
        query,
        variables: { input },
        requestId,
        signedFor: sender && { sender, recipient: AUDIENCE },
        timeout: TIMEOUT,
        signal: stopped,
      });
      log.info({ registered: subgraph }, 'registered');
      return;
    } catch (error) {
      if (stopped.aborted) return;
      if (!(error instanceof SubgraphCallFailed) || !error.transient) throw refused(subgraph, error, log);
      log.warn(
        { registering: subgraph, code: error.code, reason: error.message, problems: error.extensions['problems'] },
        'the registry does not take registrations now; trying again',
      );
    }
    await pause(wait * (0.75 + Math.random() / 2), stopped);
  }
}

function refused(subgraph: string, error: unknown, log: RegistrationEnvironment['log']): unknown {
  if (!(error instanceof SubgraphCallFailed)) {
    log.error({ registering: subgraph, err: error }, 'registration failed');
    return error;
  }
  const { problems } = error.extensions;
  const refusal = new RegistrationRefused(subgraph, error.code, error.message, Array.isArray(problems) ? problems.filter(isProblem) : []);
  log.error({ registering: subgraph, code: refusal.code, problems: refusal.problems }, refusal.message);
  return refusal;
}

function isProblem(value: unknown): value is RegistrationProblem {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}

function problemLine({ message, line, column }: RegistrationProblem): string {
  return line === undefined ? message : `${message} (line ${line}${column === undefined ? '' : `, column ${column}`})`;
}

function pause(milliseconds: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stopped.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    stopped.addEventListener('abort', done);
  });
}
