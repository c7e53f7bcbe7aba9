import fc from 'fast-check';
import { expect, test } from 'vitest';
import { composeSupergraph } from '../../../../schema/composition/compose.js';
import { atAddresses, versionOf } from '../../../../subgraphs/platform/registry/subgraph-urls.js';
import { ACCEPTANCE, department, departmentSdl } from '../../../schema/department-fixture.js';

/** A description that looks like what is to be replaced, to whoever replaces by pattern. */
const DECOY = `
"""
enum join__Graph {
  DRUG @join__graph(name: "drug", url: "http://drug.test/graphql")
}
"""
type DrugDecoy { x: Int }
extend type Query { drugDecoy: DrugDecoy }`;

const sources = {
  platform: [ACCEPTANCE],
  departments: [department('drug', departmentSdl('drug') + DECOY), department('human-resources'), department('tax')],
};

test('a graph at other addresses is, byte for byte, what composing there gives', () => {
  const base = composeSupergraph(sources);
  const path = fc.constantFrom('/graphql', '/a"b', '/é?x=\\', '/字', '');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.domain(), path), { minLength: 4, maxLength: 4 }), (hosts) => {
      const addresses = new Map(
        ['acceptance', 'drug', 'human-resources', 'tax'].map((name, index) => {
          const [host, rest] = hosts[index] as [string, string];
          return [name, { url: `http://${host}${rest}`, subscriptionUrl: `ws://${host}${rest}` }];
        }),
      );
      const moved = <T extends { url: string }>(name: string, subgraph: T): T => ({ ...subgraph, ...addresses.get(name) });
      const composed = composeSupergraph({
        platform: sources.platform.map((subgraph) => moved(subgraph.name, subgraph)),
        departments: sources.departments.map((subgraph) => moved(subgraph.code, subgraph)),
      });
      const { sdl, departments } = composed;
      const at = atAddresses(base, addresses);
      expect(at).toEqual({ sdl, departments });
      expect(versionOf(at)).toBe(versionOf(composed));
    }),
    { numRuns: 15 },
  );
});

test('every part of the content counts for the version', () => {
  const base = composeSupergraph(sources);
  const elsewhere = { url: 'http://elsewhere.test', subscriptionUrl: base.departments[2]?.subscriptionUrl as string };
  const versions = [
    base,
    { ...base, sdl: `${base.sdl}\n` },
    { ...base, departments: base.departments.slice(1) },
    // without an extension, a department's address is in the routes only
    atAddresses(base, new Map([['tax', elsewhere]])),
    atAddresses(base, new Map([['tax', { url: 'http://tax.test/graphql', subscriptionUrl: 'ws://elsewhere.test' }]])),
  ].map(versionOf);
  expect(new Set(versions).size).toBe(versions.length);
});
