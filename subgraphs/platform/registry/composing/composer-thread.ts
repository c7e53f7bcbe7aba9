import type { ComposedSupergraph, CompositionSources } from '../../../../schema/composition/compose.js';
import { CompositionFailed, type CompositionProblem } from '../../../../schema/composition/composition-failed.js';
import type { PublishedDepartment } from '../../../../schema/composition/conformance.js';
import { inlineComposer } from './inline-composer.js';

/** What a thread answers: errors would lose their class on the way. */
export type Composed = { readonly composed: ComposedSupergraph } | { readonly problems: readonly CompositionProblem[] };

/** A change of graphs, as it travels. */
export interface GraphPair {
  readonly before: string;
  readonly after: string;
}

// a thread is one composer; what it remembers of earlier schemas is its own
const composer = inlineComposer();

/** The exports are what a `ThreadComposer` calls by name. */
export async function compose(sources: CompositionSources): Promise<Composed> {
  try {
    return { composed: await composer.compose(sources) };
  } catch (error) {
    if (!(error instanceof CompositionFailed)) throw error;
    return { problems: error.problems };
  }
}

export const conformance = (department: PublishedDepartment) => composer.conformance(department);

export const changes = ({ before, after }: GraphPair) => composer.changes(before, after);
