import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DepartmentsGraph } from './departments-graph.js';

const plain = (value: unknown): any => JSON.parse(JSON.stringify(value));
const open = (): DepartmentsGraph => new DepartmentsGraph({ cases: [], open: true });

describe('root fields of several departments', () => {
  it('are split by department, each with what it uses and no more', async () => {
    const graph = open();
    const { data, errors } = plain(
      await graph.run(
        `query Desk($drug: ID!, $first: Int = 2, $t: ID!, $show: Boolean!, $hide: Boolean!) {
          a: departmentItems(departmentCode: $drug) { ...Item }
          b: departmentItems(departmentCode: $t) { code }
          c: caseEventPage(departmentCode: "drug", first: $first) { id }
          ... on Query @include(if: $show) { d: caseEventPage(departmentCode: "housing", first: 1) { ...Event } }
          e: departmentItems(departmentCode: "nowhere") @skip(if: $hide) { code }
        }
        fragment Item on DeclaredItem { name guide { materials { name } } }
        fragment Event on CaseEvent { id departmentCode ... on CaseEvent { kind } }`,
        { drug: 'drug', t: 'transport', show: true, hide: true },
      ),
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      a: [0, 1].map((i) => ({ name: `drug ${i}`, guide: { materials: [{ name: 'drug form' }] } })),
      b: [{ code: 'i0' }, { code: 'i1' }],
      c: [{ id: 'drug0' }, { id: 'drug1' }],
      d: [{ id: 'housing0', departmentCode: 'housing', kind: 'RECEIVED' }],
    });
    expect(Object.keys(data)).toEqual(['a', 'b', 'c', 'd']);
    expect(graph.sent.map(({ to, variables }) => [to, variables])).toEqual([
      ['departments/drug', { drug: 'drug' }],
      ['departments/transport', { t: 'transport' }],
      ['departments/housing', undefined],
    ]);
    // the default travels in the definition
    expect(graph.sent[0]?.query).toContain('$first:Int=2');
    expect(graph.sent[1]?.query).not.toContain('$first');
    for (const { query } of graph.sent)
      expect(validate(graph.generation.apiSchema, parse(query)).map(({ message }) => message)).toEqual([]);
  });

  it('go out as planned when one department answers them all', async () => {
    const graph = open();
    await graph.run('{ a: departmentItems(departmentCode: "drug") { code } b: caseEventPage(departmentCode: "drug", first: 1) { id } }');
    expect(graph.sent.map(({ to }) => to)).toEqual(['departments/drug']);
  });

  it('of an unknown department are refused, and the others answered', async () => {
    const graph = open();
    const { data, errors } = plain(
      await graph.run(
        'query ($c: ID!) { ok: departmentItems(departmentCode: "drug") { code } lost: caseEventPage(departmentCode: $c) { id } }',
        { c: 'magic' },
      ),
    );
    expect(graph.sent.map(({ to }) => to)).toEqual(['departments/drug']);
    // the field is non-null, so its null is the whole answer's
    expect(data).toBeNull();
    expect(errors.map(({ message, path, extensions }: any) => ({ message, path, extensions }))).toEqual([
      { message: 'There is no department "magic".', path: ['lost'], extensions: { code: 'UNKNOWN_DEPARTMENT', department: 'magic' } },
    ]);
  });

  it('report a department that does not answer at its own first field', async () => {
    const graph = new DepartmentsGraph({ cases: [] });
    graph.outage = ({ target }) => (target.department === 'transport' ? Promise.reject(new Error('gone')) : undefined);
    const { data, errors } = plain(
      await graph.run(`mutation {
        a: startStep(departmentCode: "drug", caseNumber: "1", stepCode: "r") { number }
        b: startStep(departmentCode: "transport", caseNumber: "2", stepCode: "r") { number }
        c: startStep(departmentCode: "transport", caseNumber: "3", stepCode: "r") { number }
        d: startStep(departmentCode: "housing", caseNumber: "4", stepCode: "r") { number }
      }`),
    );
    expect(data).toEqual({ a: { number: '1' }, b: null, c: null, d: { number: '4' } });
    expect(errors.map(({ path }: any) => path)).toEqual([['b']]);
  });
});

describe('mutations', () => {
  const step = (alias: string, department: string, number: number): string =>
    `${alias}: startStep(departmentCode: "${department}", caseNumber: "${number}", stepCode: "r") { number decision { seal } }`;

  it('for two departments go to each once, in order', async () => {
    const graph = new DepartmentsGraph({ cases: [] });
    const { data, errors } = plain(
      await graph.run(`mutation { ${step('a', 'drug', 1)} ${step('b', 'drug', 2)} ${step('c', 'housing', 3)} }`),
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      a: { number: '1', decision: { seal: 'drug seal' } },
      b: { number: '2', decision: null },
      c: { number: '3', decision: { seal: 'housing seal' } },
    });
    expect(graph.sent.map(({ to, kind }) => [to, kind])).toEqual([
      ['departments/drug', 'mutation'],
      ['departments/housing', 'mutation'],
    ]);
    expect(graph.log).toEqual(['startStep drug 1', 'startStep drug 2', 'startStep housing 3']);
  });

  it('keep their order across departments, even if one is asked twice', async () => {
    const graph = new DepartmentsGraph({ cases: [] });
    await graph.run(`mutation { ${step('a', 'drug', 1)} ${step('b', 'housing', 2)} ${step('c', 'drug', 3)} }`);
    expect(graph.log).toEqual(['startStep drug 1', 'startStep housing 2', 'startStep drug 3']);
  });

  it('wait for the department before', async () => {
    const graph = new DepartmentsGraph({ cases: [] });
    const held = Promise.withResolvers<never>();
    const reached = Promise.withResolvers<void>();
    graph.outage = ({ target }) => {
      if (target.department !== 'drug') return undefined;
      reached.resolve();
      return held.promise;
    };
    const running = graph.run(`mutation { ${step('a', 'drug', 1)} ${step('b', 'housing', 2)} }`);
    await reached.promise;
    expect(graph.sent.map(({ to }) => to)).toEqual(['departments/drug']);
    held.reject(new Error('gone'));
    expect(plain((await running).data)).toEqual({ a: null, b: { number: '2', decision: null } });
  });

  it('are never sent twice', async () => {
    const graph = new DepartmentsGraph({ cases: [] });
    graph.outage = () => Promise.reject(new Error('gone'));
    await graph.run(`mutation { ${step('a', 'drug', 1)} }`);
    expect(graph.sent).toHaveLength(1);
  });

  it('continue with other subgraphs where the plan does', async () => {
    const graph = new DepartmentsGraph({ cases: [] });
    const { data } = plain(
      await graph.run('mutation { startStep(departmentCode: "drug", caseNumber: "4", stepCode: "r") { title samples receivedAt } }'),
    );
    expect(data).toEqual({ startStep: { title: 'title 4', samples: ['4 a'], receivedAt: '2026-03-02T01:00:00.000Z' } });
    expect(graph.sent.map(({ to, kind }) => `${kind} ${to}`).sort()).toEqual([
      'mutation departments/drug',
      'query acceptance',
      'query drug/drug',
    ]);
  });
});
