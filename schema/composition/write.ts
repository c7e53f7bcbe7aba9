import { writeFileSync } from 'node:fs';
import { committedSupergraph } from './committed-supergraph.js';
import { CompositionFailed } from './composition-failed.js';
import { supergraphFile } from './package-files.js';
import { COMMITTED_SOURCES } from './sources.js';

// `npm run compose`: writes schema/supergraph.graphql, the composition of every subgraph of this repository.
if (COMMITTED_SOURCES.length === 0) {
  console.log('There are no sources to compose; schema/supergraph.graphql is left as it is.');
} else {
  try {
    const { sdl, hints, version } = await committedSupergraph(COMMITTED_SOURCES);
    writeFileSync(supergraphFile(), sdl);
    for (const hint of hints) console.log(hint);
    console.log(`schema/supergraph.graphql: version ${version}, ${COMMITTED_SOURCES.length} sources, ${hints.length} hints`);
  } catch (error) {
    if (!(error instanceof CompositionFailed)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
