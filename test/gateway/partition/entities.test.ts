import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DEPARTMENTS, DepartmentsGraph, mixedCases } from './departments-graph.js';

const cases = mixedCases(50);
const plain = (value: unknown): any => JSON.parse(JSON.stringify(value));

describe('rows of several departments', () => {
  it('are asked of each department once per step, and each gets its own', async () => {
    const graph = new DepartmentsGraph({ cases });
    const { data, errors } = await graph.run('{ cases { number departmentCode receivedAt decision { documentNumber seal } } }');

    expect(errors).toBeUndefined();
    expect(graph.sent.map(({ to }) => to).sort()).toEqual(['acceptance', ...DEPARTMENTS.map((code) => `departments/${code}`).sort()]);
    const rows = plain(data).cases;
    expect(rows).toHaveLength(50);
    cases.forEach((row, i) => {
      if (row === null) expect(rows[i]).toBeNull();
      else {
        expect(rows[i]).toMatchObject(row);
        const odd = Number(row.number) % 2 === 1;
        expect(rows[i].decision).toEqual(
          odd ? { documentNumber: `${row.departmentCode}-${row.number}`, seal: `${row.departmentCode} seal` } : null,
        );
      }
    });
  });

  it('are asked once however often they occur', async () => {
    const graph = new DepartmentsGraph({ cases });
    await graph.run('{ cases { receivedAt } }');
    const asked = graph.sentTo('departments/').flatMap(({ variables }) => variables?.['representations'] as object[]);
    expect(asked).toHaveLength(new Set(cases.filter((row) => row !== null).map(({ number }) => number)).size);
    expect(new Set(asked.map((row) => JSON.stringify(row))).size).toBe(asked.length);
  });

  it('cost one request per department for all further steps that are ready together', async () => {
    const graph = new DepartmentsGraph({ cases });
    await graph.run('{ cases { receivedAt item { name guide { fee } cases { decision { seal } } } } }');
    const asked = graph.sentTo('departments/').map(({ to }) => to);
    expect(asked).toHaveLength(new Set(asked).size);
    expect(new Set(graph.sentTo('departments/').map(({ query }) => query)).size).toBe(1);
  });

  it('are not asked for what their key says', async () => {
    const graph = new DepartmentsGraph({ cases });
    await graph.run(
      '{ cases { __typename number departmentCode item { code departmentCode } } kind: __typename __schema { queryType { name } } }',
    );
    expect(graph.sent.map(({ to }) => to)).toEqual(['acceptance']);
  });

  it('of one department touch that department alone', async () => {
    const graph = new DepartmentsGraph({ cases });
    await graph.run('{ case(number: "5", departmentCode: "housing") { receivedAt } }');
    expect(graph.sent.map(({ to }) => to)).toEqual(['acceptance', 'departments/housing']);
  });

  it('have their errors at their own place', async () => {
    const graph = new DepartmentsGraph({
      cases: [
        { number: '1', departmentCode: 'drug' },
        { number: '2', departmentCode: 'housing' },
        { number: '3', departmentCode: 'drug' },
        { number: '3', departmentCode: 'drug' },
      ],
    });
    graph.outage = ({ target }) =>
      target.department === 'drug' && target.subgraph === 'departments'
        ? (Promise.resolve({
            data: { _entities: [{ __typename: 'Case', receivedAt: 'then' }, null] },
            errors: [
              {
                message: 'no such case at http://10.1.2.3/graphql',
                path: ['_entities', 1, 'receivedAt'],
                extensions: { code: 'CASE_NOT_FOUND', stacktrace: ['at x'] },
              },
            ],
          }) as never)
        : undefined;
    const { data, errors } = plain(await graph.run('{ cases { receivedAt } }'));
    expect(data.cases.map((row: any) => row.receivedAt === null)).toEqual([false, false, true, true]);
    expect(errors).toEqual(
      [2, 3].map((i) => ({
        message: 'no such case at […]',
        path: ['cases', i, 'receivedAt'],
        extensions: { code: 'CASE_NOT_FOUND', service: 'departments', department: 'drug' },
      })),
    );
  });
});

describe('a department that does not answer', () => {
  const query = '{ cases { number title receivedAt decision { seal } samples item { guide { fee } } } items { approvalFlow { name } } }';

  it('costs its own fields and one error, whatever was asked of it', async () => {
    const graph = new DepartmentsGraph({ cases });
    const whole = plain(await graph.run(query));
    graph.outage = ({ target: { department } }) =>
      department === 'drug'
        ? Promise.reject(new GraphQLError('药监 does not answer', { extensions: { code: 'DEPARTMENT_UNAVAILABLE', department } }))
        : undefined;
    const { data, errors } = plain(await graph.run(query));

    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      message: '药监 does not answer',
      extensions: { code: 'DEPARTMENT_UNAVAILABLE', department: 'drug' },
    });
    expect(['cases', 'items']).toContain(errors[0].path[0]);
    cases.forEach((row, i) => {
      if (row?.departmentCode !== 'drug') expect(data.cases[i]).toEqual(whole.data.cases[i]);
      else
        expect(data.cases[i]).toMatchObject({
          number: row.number,
          title: `title ${row.number}`,
          receivedAt: null,
          decision: null,
          samples: null,
        });
    });
  });

  it('is told without what the fetch failed with', async () => {
    const graph = new DepartmentsGraph({ cases });
    graph.outage = ({ target: { department } }) =>
      department === 'transport' ? Promise.reject(new TypeError('fetch failed http://10.0.0.7:80')) : undefined;
    const { errors } = plain(await graph.run('{ cases { receivedAt } }'));
    const first = cases.findIndex((row) => row?.departmentCode === 'transport');
    expect(errors).toEqual([
      {
        message: 'Department "transport" did not answer; only its own fields are missing.',
        path: ['cases', first],
        extensions: { code: 'DEPARTMENT_UNAVAILABLE', service: 'departments', department: 'transport' },
      },
    ]);
  });

  it('does not keep the others from being asked while it hangs', async () => {
    const graph = new DepartmentsGraph({ cases });
    const hanging = Promise.withResolvers<never>();
    graph.outage = ({ target: { department, subgraph } }) =>
      department === 'housing' && subgraph === 'departments' ? hanging.promise : undefined;
    const asked = Promise.withResolvers<void>();
    const { outage } = graph;
    graph.outage = (fetch) => {
      if (graph.sentTo('departments/').length === 3) asked.resolve();
      return outage(fetch);
    };
    const running = graph.run('{ cases { departmentCode receivedAt } }');
    await asked.promise;
    hanging.reject(new Error('timed out'));
    const { data, errors } = plain(await running);
    expect(errors).toHaveLength(1);
    for (const row of data.cases) if (row !== null) expect(row.receivedAt === null).toBe(row.departmentCode === 'housing');
  });
});

describe('a row of a department that does not exist', () => {
  it('has an error at its place, and nobody is asked instead', async () => {
    const graph = new DepartmentsGraph({
      cases: [
        { number: '1', departmentCode: 'drug' },
        { number: '2', departmentCode: 'magic' },
      ],
    });
    const { data, errors } = plain(await graph.run('{ cases { number receivedAt decision { seal } item { guide { fee } } } }'));
    expect(graph.sentTo('departments/').every(({ to }) => to === 'departments/drug')).toBe(true);
    expect(data.cases[0].receivedAt).not.toBeNull();
    expect(data.cases[1]).toEqual({ number: '2', receivedAt: null, decision: null, item: { guide: null } });
    expect(errors.map(({ message, path, extensions }: any) => [message, path, extensions])).toEqual([
      ['There is no department "magic".', ['cases', 1], { code: 'UNKNOWN_DEPARTMENT', department: 'magic' }],
      ['There is no department "magic".', ['cases', 1, 'item'], { code: 'UNKNOWN_DEPARTMENT', department: 'magic' }],
    ]);
  });
});

describe('an extension subgraph', () => {
  it("is asked for its own department's rows only", async () => {
    const graph = new DepartmentsGraph({ cases });
    const { data, errors } = plain(await graph.run('{ cases { departmentCode samples laboratory } }'));
    expect(errors).toBeUndefined();
    expect(graph.sentTo('drug/drug')).toHaveLength(1);
    for (const row of data.cases) if (row !== null) expect(row.laboratory).toBe(row.departmentCode === 'drug' ? 'drug laboratory' : null);
  });

  it("is not asked at all when none of the rows is its department's", async () => {
    const graph = new DepartmentsGraph({ cases: [{ number: '1', departmentCode: 'housing' }] });
    expect(plain(await graph.run('{ cases { samples } }'))).toEqual({ data: { cases: [{ samples: null }] } });
    expect(graph.sent.map(({ to }) => to)).toEqual(['acceptance']);
  });

  it('answers its root fields as its department', async () => {
    const graph = new DepartmentsGraph({ cases: [] });
    expect(plain(await graph.run('{ drugNotices }'))).toEqual({ data: { drugNotices: ['notice'] } });
    expect(graph.sent.map(({ target }) => target)).toEqual([{ subgraph: 'drug', department: 'drug' }]);
  });
});
