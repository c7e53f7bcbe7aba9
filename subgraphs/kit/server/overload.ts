import { monitorEventLoopDelay } from 'node:perf_hooks';
import { CataloguedError } from '../errors/catalogued-error.js';

export interface OverloadBounds {
  /** Milliseconds by which the event loop may lag for a while; 0: any. */
  readonly lagMs: number;
  /** Requests that may be under way at once; 0: any number. */
  readonly inFlight: number;
}

/** What was too much. */
export type OverloadReason = 'lag' | 'requests';

/** Milliseconds between two looks at the event loop, and between two of its own measurements. */
const LOOK_EVERY = 100;
const RESOLUTION = 10;
/** How much a look counts against those before it: a single stall, such as a plan that takes long, is no overload. */
const WEIGHT = 0.3;
/** Once too much, it is enough again below this share of a bound, lest it change its mind with every request. */
const WELL_BELOW = { lag: 0.5, requests: 0.8 } as const;
/** Seconds after which those that were turned away are asked to come again. */
const RETRY_AFTER = 1;

/**
 * Turns requests away before anything is done for them while there is more to do than can be done: those under way are
 * then answered in time, rather than all of them too late. What runs already, and questions after its health, are not asked here.
 */
export class Overload implements Disposable {
  readonly #bounds: OverloadBounds;
  readonly #delay: ReturnType<typeof monitorEventLoopDelay>;
  readonly #timer: NodeJS.Timeout;
  readonly shed: Record<OverloadReason, number> = { lag: 0, requests: 0 };
  #lag = 0;
  #inFlight = 0;
  #lags = false;
  #crowded = false;

  constructor(bounds: OverloadBounds) {
    this.#bounds = bounds;
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION });
    if (bounds.lagMs > 0) this.#delay.enable();
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY).unref();
    if (bounds.lagMs === 0) clearInterval(this.#timer);
  }

  /** What is too much now; undefined while all is well. */
  get reason(): OverloadReason | undefined {
    return this.#lags ? 'lag' : this.#crowded ? 'requests' : undefined;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Seconds by which the event loop lags, smoothed. */
  get lag(): number {
    return this.#lag / 1_000;
  }

  /** Takes in that the event loop lagged by so many milliseconds in the last {@link LOOK_EVERY}. */
  lagged(ms: number): void {
    this.#lag += (ms - this.#lag) * WEIGHT;
    const { lagMs } = this.#bounds;
    this.#lags = lagMs > 0 && this.#lag > (this.#lags ? lagMs * WELL_BELOW.lag : lagMs);
  }

  /** @throws CataloguedError OVERLOADED */
  check(): void {
    const { reason } = this;
    if (reason === undefined) return;
    this.shed[reason]++;
    throw new CataloguedError('OVERLOADED', 'more is asked here than can be answered in time; come again, or ask another instance', {
      retryAfter: RETRY_AFTER,
      http: { status: 503, headers: new Map([['retry-after', String(RETRY_AFTER)]]) },
    });
  }

  /** One more is under way, until the returned function is called. @throws CataloguedError OVERLOADED */
  enter(): () => void {
    this.check();
    this.#inFlight++;
    this.#count();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#inFlight--;
      this.#count();
    };
  }

  #count(): void {
    const { inFlight } = this.#bounds;
    this.#crowded = inFlight > 0 && this.#inFlight >= (this.#crowded ? inFlight * WELL_BELOW.requests : inFlight);
  }

  #look(): void {
    // nothing measured: it was measured a moment ago
    if (this.#delay.count > 0) this.lagged(Math.max(0, this.#delay.mean / 1e6 - RESOLUTION));
    this.#delay.reset();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }
}
