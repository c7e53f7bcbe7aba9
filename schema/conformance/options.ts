import type { Caller } from '../../subgraphs/kit/identity/caller.js';
import type { CheckResult } from './report.js';

/** Makes an internal token: the whole value of an `authorization` header, for one audience and caller. */
export type Authorize = (audience: string, caller: Caller) => Promise<string>;

export interface ConformanceOptions {
  /** The department's code, which is also the audience of its tokens. */
  readonly code: string;
  /** Its HTTP endpoint. */
  readonly url: string;
  /** Its graphql-transport-ws endpoint; the same address with ws(s): when left out. */
  readonly subscriptionUrl?: string | undefined;
  /** Asked for the platform, an officer of the department, an officer of another, and a caller without roles. */
  readonly authorization: Authorize;
  /** The same with tokens that have expired; without it that one check is skipped. */
  readonly expiredAuthorization?: Authorize | undefined;
  /** The item that synthetic cases are for; otherwise the first active one that ends in a certificate. */
  readonly itemCode?: string | undefined;
  /** Values for entries of its application form; every other required entry is filled in with `1`. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  /** Ids (what they build on is run too), `smoke`: read-only, in seconds, or `all` (default). */
  readonly checks?: readonly string[] | 'smoke' | 'all' | undefined;
  /** Milliseconds that any one answer, event or handshake may take; 5,000 when left out. */
  readonly timeoutMs?: number | undefined;
  /** Makes the random choices of a run the same again; chosen anew when left out. */
  readonly seed?: number | undefined;
  /** Called as each check ends. */
  readonly onResult?: ((result: CheckResult) => void) | undefined;
}
