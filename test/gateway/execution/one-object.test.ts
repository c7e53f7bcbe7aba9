import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { SubgraphFetch, SubgraphResponse } from '../../../gateway/execution/subgraph-fetch.js';
import type { InProcessGraph } from './in-process-graph.js';
import { graphOf, plain } from './two-executors.js';

/** `rows` brings keys and parts of its own, `more` completes what the keys name. */
const graph = graphOf(
  {
    name: 'rows',
    sdl: `type Query { rows: [Row] }
      type Row @key(fields: "id") { id: ID! note: String inner: Inner parts: [Part] }
      type Inner { text: String }
      type Part @key(fields: "id") { id: ID! size: Int of: Row }`,
  },
  {
    name: 'more',
    sdl: 'type Row @key(fields: "id") { id: ID! name: String } type Part @key(fields: "id") { id: ID! label: String }',
  },
);

const row = (id: string, rest: object = {}) => ({ __typename: 'Row', id, ...rest });
const part = (id: string, rest: object = {}) => ({ __typename: 'Part', id, ...rest });

/** Answers `rows` as given, and every entity by its key; keeps what entities were asked for. */
function answering(rows: unknown, asked: string[][], errors: (ids: string[]) => object[] = () => []) {
  const one = ({ id }: { id: string }) => ({ name: `name of ${id}`, label: `label of ${id}` });
  return async ({ target, variables = {} }: SubgraphFetch): Promise<SubgraphResponse> => {
    if (target.subgraph === 'rows') return JSON.parse(JSON.stringify({ data: { rows } })) as SubgraphResponse;
    const data: Record<string, unknown> = {};
    const lists = Object.entries(variables) as [string, { id: string }[]][];
    for (const [name, representations] of lists) {
      asked.push(representations.map(({ id }) => id));
      data[name === 'representations' ? '_entities' : `e${name.slice('_representations'.length)}`] = representations.map(one);
    }
    const found = errors(lists[0]?.[1].map(({ id }) => id) ?? []);
    return { data, ...(found.length > 0 && { errors: found }) };
  };
}

async function like(graph: InProcessGraph, text: string, rows: unknown): Promise<{ result: any; asked: string[][] }> {
  const asked: string[][] = [];
  const result = plain(await graph.run(parse(text), {}, answering(rows, asked)));
  expect(result).toEqual(plain(await graph.oracle(parse(text), {}, answering(rows, []))));
  return { result, asked };
}

describe('rows of one key', () => {
  it('that say different things stay apart, and all are completed', async () => {
    const rows = [
      row('1', { note: 'one thing' }),
      row('1', { note: 'another' }),
      row('1', { note: 'one thing' }),
      row('2', { note: 'one thing' }),
    ];
    const { result, asked } = await like(graph, '{ rows { id note name } }', rows);
    expect(result.data.rows.map(({ note, name }: any) => `${note}, ${name}`)).toEqual([
      'one thing, name of 1',
      'another, name of 1',
      'one thing, name of 1',
      'one thing, name of 2',
    ]);
    expect(asked).toEqual([['1', '2']]);
  });

  it('that differ further down only stay apart', async () => {
    const rows = [
      row('1', { inner: { text: 'a' }, parts: [part('p', { size: 1 })] }),
      row('1', { inner: { text: 'b' }, parts: [part('p', { size: 1 })] }),
      row('1', { inner: { text: 'a' }, parts: [part('p', { size: 2 })] }),
      row('1', { inner: { text: 'a' }, parts: [] }),
      row('1', { inner: { text: 'a' }, parts: null }),
      row('1', { inner: null, parts: [part('p', { size: 1 })] }),
      row('1', { inner: { text: 'a' }, parts: [part('p', { size: 1 }), null] }),
      row('1', { inner: { text: 'a' }, parts: [part('p', { size: 1 })] }),
    ];
    const { result, asked } = await like(graph, '{ rows { id name inner { text } parts { id size label } } }', rows);
    expect(result.data.rows.map(({ inner, parts }: any) => [inner?.text, parts?.map((one: any) => one?.size)])).toEqual([
      ['a', [1]],
      ['b', [1]],
      ['a', [2]],
      ['a', []],
      ['a', undefined],
      [undefined, [1]],
      ['a', [1, undefined]],
      ['a', [1]],
    ]);
    expect(asked.flat().sort()).toEqual(['1', 'p']);
  });

  it('that are equal in all their parts are completed at every level, wherever they are', async () => {
    const deep = (id: string) => row(id, { parts: [part('p', { size: 1, of: row('9') }), part('q', { size: 2, of: row('9') })] });
    const text = '{ rows { id name parts { id size label of { id name } } } }';
    const { result } = await like(graph, text, [deep('1'), deep('2'), deep('1'), deep('1')]);
    for (const found of result.data.rows) {
      expect(found.name).toBe(`name of ${found.id}`);
      expect(found.parts.map(({ label, of }: any) => [label, of.name])).toEqual([
        ['label of p', 'name of 9'],
        ['label of q', 'name of 9'],
      ]);
    }
  });

  it('under names that objects have by nature are told apart too', async () => {
    const text = '{ rows { id name __proto__: inner { text } toString: note } }';
    const rows = JSON.parse(
      '[{"__typename":"Row","id":"1","__proto__":{}},{"__typename":"Row","id":"1","toString":"a"},{"__typename":"Row","id":"1","__proto__":{},"toString":"a"}]',
    );
    const result = await graph.run(parse(text), {}, answering(rows, []));
    expect(JSON.stringify(result.data)).toBe(
      '{"rows":[{"id":"1","name":"name of 1","__proto__":{"text":null},"toString":null},{"id":"1","name":"name of 1","__proto__":null,"toString":"a"},{"id":"1","name":"name of 1","__proto__":{"text":null},"toString":"a"}]}',
    );
  });

  it('that hold more levels than are compared are answered all the same', async () => {
    const bottomless = () => {
      let text: unknown = 'deep';
      for (let level = 0; level < 50_000; level++) text = [text];
      return { __typename: 'Row', id: '1', inner: { text } };
    };
    const asked: string[][] = [];
    const fetcher = answering([], asked);
    const result = await graph.run(parse('{ rows { id name } }'), {}, async (fetch) =>
      fetch.target.subgraph === 'rows' ? { data: { rows: [bottomless(), bottomless()] } } : fetcher(fetch),
    );
    expect(plain(result).data.rows).toEqual([
      { id: '1', name: 'name of 1' },
      { id: '1', name: 'name of 1' },
    ]);
  });

  it('have an error of their entity at every place', async () => {
    const rows = [row('1', { parts: [part('p')] }), row('2', { parts: [part('p')] }), row('1', { parts: [part('p')] })];
    const failing = answering(rows, [], (ids) => (ids[0] === 'p' ? [{ message: 'no label', path: ['_entities', 0, 'label'] }] : []));
    const { errors } = plain(await graph.run(parse('{ rows { id parts { id label } } }'), {}, failing));
    expect(errors.map(({ path }: any) => path.join('.')).sort()).toEqual([
      'rows.0.parts.0.label',
      'rows.1.parts.0.label',
      'rows.2.parts.0.label',
    ]);
  });
});
