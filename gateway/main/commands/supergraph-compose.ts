import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { committedSupergraph } from '../../../schema/composition/committed-supergraph.js';
import { CompositionFailed } from '../../../schema/composition/composition-failed.js';
import { SUBGRAPHS } from '../subgraph-table.js';
import type { Command } from './command.js';

export const supergraphComposeCommand: Command = {
  name: 'supergraph compose',
  summary: 'composes every subgraph of this repository, without starting any',
  usage: 'supergraph compose [--out <file>]',
  help: `Prints the supergraph, or writes it to a file.

  npx acceptance supergraph compose --out schema/supergraph.graphql`,
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { out: { type: 'string' } } });
    try {
      const { sdl, hints, version } = await committedSupergraph(SUBGRAPHS);
      for (const hint of hints) console.error(hint);
      if (values.out === undefined) {
        console.log(sdl);
      } else {
        await writeFile(values.out, sdl);
        console.log(`${values.out}: version ${version}, ${SUBGRAPHS.length} subgraphs`);
      }
      return 0;
    } catch (error) {
      if (!(error instanceof CompositionFailed)) throw error;
      console.error(error.message);
      return 1;
    }
  },
};
