import type { Caller } from '../../kit/identity/caller.js';
import { createLoaders, type Loaders } from './loaders.js';
import type { Supervision } from './supervision.js';

/** What resolvers work with: one per request and one per subscription event. */
export interface SupervisionContext {
  readonly caller: Caller;
  readonly supervision: Supervision;
  readonly loaders: Loaders;
}

export function supervisionContext(supervision: Supervision, caller: Caller): SupervisionContext {
  return { caller, supervision, loaders: createLoaders(supervision) };
}
