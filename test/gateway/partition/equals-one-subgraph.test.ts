import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Random } from '../execution/differential/random.js';
import { randomOperation } from '../execution/differential/random-operation.js';
import { DEPARTMENTS, DepartmentsGraph, mixedCases } from './departments-graph.js';

const RUNS = Number(process.env['PARTITION_RUNS'] ?? 250);

const texts = (values: readonly string[]) => ({ type: 'ID!', values });
const ARGUMENTS = {
  departmentCode: texts(DEPARTMENTS),
  number: texts(['1', '2', '3', '7']),
  caseNumber: texts(['1', '2', '3', '4', '5']),
  stepCode: texts(['r', 's']),
  opinion: { type: 'String!', values: ['fine'] },
};
/** Fields whose other arguments are not written here. */
const LEFT_OUT = ['startSpecialProcedure', 'extendLimit', 'decide', 'deliverResult', 'receiveCase', 'finishSpecialProcedure'];

describe('departments behind one partition answer as one subgraph with all rows would', () => {
  const graph = new DepartmentsGraph({ cases: mixedCases(30), open: true });
  const reference = graph.reference();

  it('whatever is asked', async () => {
    const tally = { operations: 0, mutations: 0, requests: 0 };
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.boolean(), async (seed, mutates) => {
        const { text, variables } = randomOperation(graph.generation.apiSchema, new Random(seed), mutates ? 'mutation' : 'query', {
          arguments: ARGUMENTS,
          leftOut: LEFT_OUT,
        });
        const document = parse(text);
        if (validate(graph.generation.apiSchema, document).length > 0) return;
        graph.sent.length = 0;
        graph.log.length = 0;
        const partitioned = await graph.run(text, variables);
        const done = [...graph.log];
        graph.log.length = 0;
        const whole = await reference.run(document, variables);

        const context = `${text}\n${JSON.stringify(variables)}`;
        expect(JSON.stringify(partitioned.data), context).toBe(JSON.stringify(whole.data));
        expect(partitioned.errors === undefined, context).toBe(whole.errors === undefined);
        // the reference's departments carry mutations out as GraphQL prescribes: one after another
        expect(done, context).toEqual(graph.log);
        if (!mutates) {
          const steps = graph.sentTo('departments/').map(({ to, query, variables: sent }) => JSON.stringify([to, query, sent]));
          expect(new Set(steps).size, `one request twice\n${context}`).toBe(steps.length);
        }
        tally.operations++;
        if (mutates) tally.mutations++;
        tally.requests += graph.sent.length;
      }),
      { numRuns: RUNS, seed: 20_260_302, endOnFailure: true },
    );
    console.log(`partition: ${JSON.stringify(tally)}`);
    expect(tally.operations).toBeGreaterThan(RUNS / 2);
  }, 3_600_000);
});
