import { randomUUID } from 'node:crypto';
import { outlineDifferences } from '../../../../schema/composition/schema-outline.js';
import { runConformance } from '../../../../schema/conformance/index.js';
import type { InternalTokens } from '../../../kit/identity/internal-tokens.js';
import { addressesOf } from '../../../kit/server/address-list.js';
import { callSubgraph, SubgraphCallFailed } from '../../../kit/server/call-subgraph.js';
import type { PublicationProblem } from './publication-check.js';

/** Milliseconds any one answer may take. */
const TIMEOUT = 5_000;
/** Differences told at most; the rest follows from them. */
const TOLD = 20;

/** A department's endpoint and what it is said to be. */
export interface LiveTarget {
  readonly code: string;
  readonly url: string;
  readonly subscriptionUrl: string;
  readonly sdl: string;
}

/** Asks running endpoints what they are. */
export interface LiveEndpoints {
  /** The SDL an endpoint answers. @throws SubgraphCallFailed */
  sdlOf(target: Pick<LiveTarget, 'code' | 'url'>): Promise<string>;
  /** Whether it answers what is published; a second or less. Returns what is wrong. */
  identify(target: LiveTarget): Promise<PublicationProblem[]>;
  /** That, and whether it behaves as the contract says: read-only, in seconds. */
  check(target: LiveTarget): Promise<PublicationProblem[]>;
}

/** Endpoints over the network, asked as the platform. */
export class NetworkEndpoints implements LiveEndpoints {
  readonly #tokens: InternalTokens;

  constructor(tokens: InternalTokens) {
    this.#tokens = tokens;
  }

  async sdlOf({ code, url }: Pick<LiveTarget, 'code' | 'url'>): Promise<string> {
    const requestId = randomUUID();
    const authorization = await this.#tokens.authorization(code, { subject: 'platform:registry', roles: ['platform'], requestId });
    const query = '{ _service { sdl } }';
    const data = await callSubgraph<{ _service?: { sdl?: unknown } }>({ url, authorization, query, requestId, timeout: TIMEOUT });
    const sdl = data._service?.sdl;
    if (typeof sdl !== 'string') throw new SubgraphCallFailed('`_service { sdl }` is no text', 'SUBGRAPH_UNAVAILABLE');
    return sdl;
  }

  async identify(target: LiveTarget): Promise<PublicationProblem[]> {
    let answered: string;
    try {
      answered = await this.sdlOf(target);
    } catch (error) {
      if (!(error instanceof SubgraphCallFailed)) throw error;
      return [
        {
          code: 'ENDPOINT_UNREACHABLE',
          message: `The endpoint does not answer \`{ _service { sdl } }\`: ${error.message}.`,
          remedy: 'Start it, and give the address under which the platform reaches it.',
        },
      ];
    }
    const differences = outlineDifferences(target.sdl, answered);
    if (differences.length === 0) return [];
    const told = differences.slice(0, TOLD).join('; ');
    return [
      {
        code: 'ENDPOINT_CHECK_FAILED',
        message: `The endpoint answers another schema than the one published (+ answered only, - published only): ${told}`,
        remedy: 'Deploy what you publish, or publish what is deployed (leave the SDL out and it is read from the endpoint).',
      },
    ];
  }

  /** Of several instances the first that answers is looked at: the others are the same program, and may not have started yet. */
  async check(target: LiveTarget): Promise<PublicationProblem[]> {
    let problems: PublicationProblem[] = [];
    for (const [index, url] of addressesOf(target.url).entries()) {
      const subscriptionUrl = addressesOf(target.subscriptionUrl)[index] ?? target.subscriptionUrl;
      problems = await this.#check({ ...target, url, subscriptionUrl });
      if (problems.every(({ code }) => code !== 'ENDPOINT_UNREACHABLE')) return problems;
    }
    return problems;
  }

  async #check(target: LiveTarget): Promise<PublicationProblem[]> {
    const problems = await this.identify(target);
    if (problems.length > 0) return problems;
    const { code, url, subscriptionUrl } = target;
    const report = await runConformance({
      code,
      url,
      subscriptionUrl,
      authorization: (audience, caller) => this.#tokens.authorization(audience, caller),
      checks: 'smoke',
      timeoutMs: TIMEOUT,
    });
    return report.results
      .filter(({ level, outcome }) => level === 'MUST' && outcome === 'failed')
      .map(({ id, title, reason = '', expected, found, outOfTime, remedy, pointer }): PublicationProblem => {
        const shapes = [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean).join(', ');
        return {
          code: id,
          message: `${title.en}: ${reason}${shapes === '' ? '' : ` (${shapes})`}`,
          member: pointer,
          ...(remedy !== undefined && { remedy }),
          ...(outOfTime && { outOfTime }),
        };
      });
  }
}
