import type { Supergraph } from '@apollo/federation-internals';

const CONTEXT_FEATURE = 'https://specs.apollo.dev/context';

/** What this gateway can't execute, found before anybody asks for it. */
export function* supergraphProblems(supergraph: Supergraph): Generator<string> {
  if (supergraph.schema.coreFeatures?.getByIdentity(CONTEXT_FEATURE) !== undefined) {
    yield 'arguments set from context (@context, @fromContext) are not supported';
  }
}
