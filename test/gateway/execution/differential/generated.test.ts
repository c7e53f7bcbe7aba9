import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { type ExecutionResult, execute, parse, validate } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { GeneratedGraph } from './generated-graph.js';
import { Random } from './random.js';
import { type RandomOperation, randomOperation } from './random-operation.js';
import { type Faults, NO_FAULTS, type Witness } from './world.js';

/** How many graphs, and how many operations on each. `DIFFERENTIAL_RUNS=200x100` hunts for longer. */
const [GRAPHS = 12, OPERATIONS = 60] = (process.env['DIFFERENTIAL_RUNS'] ?? '').split('x').filter(Boolean).map(Number);
const FIRST_SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 1);

const tally = { operations: 0, invalid: 0, withErrors: 0, outages: 0, completions: 0, monolith: 0, oracleMisplaced: 0, oracleLost: 0 };
afterAll(() => console.log(`differential: ${JSON.stringify(tally)}`));

interface Outcome {
  data: unknown;
  errors: Array<{ message: string; path: string }>;
  completions: number;
}

function outcomeOf({ data, errors = [], extensions }: ExecutionResult): Outcome {
  const listed = errors.map(({ message, path }) => ({ message, path: JSON.stringify(path) ?? 'none' }));
  return {
    data: plain(data),
    errors: listed.sort((a, b) => (a.path + a.message < b.path + b.message ? -1 : 1)),
    completions: ((extensions?.['valueCompletion'] as unknown[]) ?? []).length,
  };
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
const isStruck = ({ message }: { message: string }): boolean => message.startsWith('struck ');

function operationOf({ graph }: GeneratedGraph, seed: number): RandomOperation {
  const random = new Random(seed);
  return randomOperation(graph.generation.apiSchema, random, random.chance(0.2) ? 'mutation' : 'query');
}

async function compare(generated: GeneratedGraph, operationSeed: number, faults: Faults): Promise<void> {
  const { graph, monolith, witness } = generated;
  const { text, variables } = operationOf(generated, operationSeed);
  const document = parse(text);
  if (validate(graph.generation.apiSchema, document).length > 0) {
    tally.invalid++;
    return;
  }
  tally.operations++;
  const result = await graph.run(document, variables, generated.fetcher(faults));
  const ours = outcomeOf(result);
  const theirs = outcomeOf(await graph.oracle(document, variables, generated.fetcher(faults)));

  const undisturbed = async (run: typeof graph.oracle): Promise<unknown> =>
    plain((await run(document, variables, generated.fetcher(NO_FAULTS))).data);

  // which field every place of the response belongs to: an error must be where it happened
  const seen = new Map<string, string>();
  const context: Witness = { ...faults, errors: 0, seen };
  await execute({ schema: witness, document, variableValues: variables, contextValue: context });
  const isMisplaced = ({ message, path }: { message: string; path: string }) => seen.has(path) && `struck ${seen.get(path)}` !== message;
  expect(
    ours.errors.filter((error) => isStruck(error) && isMisplaced(error)),
    'errors at the place of another field',
  ).toEqual([]);

  const whole = plain((await execute({ schema: monolith, document, variableValues: variables, contextValue: NO_FAULTS })).data);
  if (!isDeepStrictEqual(ours.data, theirs.data) && !isDeepStrictEqual(await undisturbed((...run) => graph.oracle(...run)), whole)) {
    // @apollo/gateway forgets an object's type inside a fragment on an abstract type, and drops fields
    tally.oracleLost++;
    expect(await undisturbed((...run) => graph.run(...run)), 'data that @apollo/gateway loses').toEqual(whole);
    return;
  }
  expect(ours.data, 'data').toEqual(theirs.data);
  expect(ours.errors.length, 'number of errors').toBe(theirs.errors.length);
  expect(
    ours.errors
      .filter(isStruck)
      .map(({ message }) => message)
      .sort(),
  ).toEqual(
    theirs.errors
      .filter(isStruck)
      .map(({ message }) => message)
      .sort(),
  );
  if (theirs.errors.some((error) => isStruck(error) && isMisplaced(error)) || theirs.errors.some(({ path }) => path.includes('"@"')))
    tally.oracleMisplaced++;
  else expect(ours.errors.filter(isStruck)).toEqual(theirs.errors.filter(isStruck));
  expect(ours.completions > 0, 'told of incomplete values').toBe(theirs.completions > 0);

  if (ours.errors.length > 0) tally.withErrors++;
  if (ours.errors.some((error) => !isStruck(error))) tally.outages++;
  if (ours.completions > 0) tally.completions++;
  if (faults === NO_FAULTS) {
    tally.monolith++;
    expect(JSON.stringify(result.data), 'the same text as one schema would give').toBe(JSON.stringify(whole));
  }
}

describe('a generated graph answers as @apollo/gateway does', () => {
  for (let index = 0; index < GRAPHS; index++) {
    const seed = FIRST_SEED + index;
    it(`graph ${seed}`, async () => {
      const generated = GeneratedGraph.from(seed);
      const share = fc.constantFrom(0, 0.05, 0.3);
      const faults = fc.oneof(fc.constant(NO_FAULTS), fc.record({ salt: fc.nat(), errors: share, missing: share, outages: share }));
      await fc.assert(
        fc.asyncProperty(fc.nat(), faults, async (operation, wrong) => {
          try {
            await compare(generated, operation, wrong);
          } catch (error) {
            const { text, variables } = operationOf(generated, operation);
            throw new Error(`${String(error)}\n${text}\n${JSON.stringify(variables)}`, { cause: error });
          }
        }),
        { numRuns: OPERATIONS, seed: seed * 7919, endOnFailure: true },
      );
    }, 3_600_000);
  }
});
