import type { Run } from './run.js';

/** One prepared node of a plan. Never rejects: what goes wrong is in the run's errors. */
export type Step = (run: Run) => Promise<void>;
