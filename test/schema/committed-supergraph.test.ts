import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { SUBGRAPHS } from '../../gateway/main/subgraph-table.js';
import { Generation } from '../../gateway/supergraph/generation.js';
import { committedSupergraph } from '../../schema/composition/committed-supergraph.js';
import { supergraphFile } from '../../schema/composition/package-files.js';

describe('schema/supergraph.graphql', () => {
  test('is what the subgraphs of this repository compose to; `npm run compose` writes it', async () => {
    const composed = await committedSupergraph(SUBGRAPHS);
    expect(await readFile(supergraphFile(), 'utf8')).toBe(composed.sdl);
    // and a gateway can serve it
    const { apiSchema } = Generation.build(composed);
    expect(apiSchema.getQueryType()?.getFields()).toHaveProperty('cases');
    expect(apiSchema.getQueryType()?.getFields()).not.toHaveProperty('departmentItems');
    expect(apiSchema.getMutationType()?.getFields()).not.toHaveProperty('receiveCase');
  });
});
