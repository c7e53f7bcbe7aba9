import { readFile } from 'node:fs/promises';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { grantsOf } from '../../../gateway/authorization/grants.js';
import { Generation } from '../../../gateway/supergraph/generation.js';

const sdl = await readFile(new URL('../../../schema/supergraph.graphql', import.meta.url), 'utf8');
const generation = Generation.build({ version: '1', sdl, departments: [] }, { cost: { limit: 20_000 } });

/** What the subgraphs are asked on behalf of somebody, and what is refused. */
async function asked(query: string, subject: string, ...roles: string[]) {
  const fetches: string[] = [];
  const { errors = [] } = await generation.execute({
    document: parse(query),
    grants: grantsOf({ subject, roles }),
    context: undefined,
    fetcher: async (fetch) => {
      fetches.push(fetch.query);
      return { data: null };
    },
  });
  return {
    fetches,
    refused: errors.filter(({ extensions }) => extensions['code'] === 'UNAUTHORIZED_FIELD_OR_TYPE').map(({ path }) => path),
  };
}

const CASES = '{ cases(first: 2) { nodes { number applicant { name idNumber phone } } } }';

test.for([
  ['anonymous', []],
  ['an administrator', ['admin']],
] as const)('personal data of applicants is not even fetched for %s', async ([subject, roles]) => {
  const { fetches, refused } = await asked(CASES, subject, ...roles);
  expect(fetches).toHaveLength(1);
  expect(fetches.join()).not.toMatch(/applicant|idNumber|phone/);
  expect(refused).toEqual([['cases', 'nodes', '@', 'applicant']]);
});

test.for(['applicant', 'window', 'department:drug', 'monitor', 'centre', 'bureau'])(
  'it is for the role %s, masked or not as the ledger says',
  async (role) => {
    const { fetches, refused } = await asked(CASES, 'somebody', role);
    expect(fetches.join()).toContain('idNumber');
    expect(refused).toEqual([]);
  },
);

test('a page of every list has a cost that follows its size', async () => {
  const costOf = async (query: string) => {
    let cost = 0;
    await generation.execute({
      document: parse(query),
      context: undefined,
      fetcher: async () => ({ data: null }),
      onCost: (estimated) => {
        cost = estimated;
      },
    });
    return cost;
  };
  expect(await costOf('{ cases(first: 50) { nodes { number } } }')).toBe(51);
  expect(await costOf('{ cases(first: 100) { edges { node { number } } } }')).toBe(201);
  expect(await costOf('{ serviceItems(first: 30) { nodes { code } } }')).toBe(31);
  // left out, the default size counts
  expect(await costOf('{ cases { nodes { number } } }')).toBe(21);
});
