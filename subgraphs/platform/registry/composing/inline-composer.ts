import { composeSupergraph } from '../../../../schema/composition/compose.js';
import { checkConformance } from '../../../../schema/composition/conformance.js';
import { ApiSchemas } from './api-schemas.js';
import type { Composer } from './composer.js';

/** Composes in the thread that asks, which answers nobody else meanwhile. */
export function inlineComposer(): Composer {
  const apiSchemas = new ApiSchemas();
  return {
    compose: async (sources) => composeSupergraph(sources),
    conformance: async (department) => checkConformance(department),
    changes: (before, after) => apiSchemas.changes(before, after),
    [Symbol.asyncDispose]: async () => {},
  };
}
