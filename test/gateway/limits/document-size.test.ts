import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { Admission } from '../../../gateway/limits/admission.js';
import { refuseLargeDocument } from '../../../gateway/limits/document-size.js';
import { DEFAULT_OPERATION_LIMITS, type OperationLimits } from '../../../gateway/limits/operation-limits.js';
import { refuseLargeVariables } from '../../../gateway/limits/variables-size.js';
import type { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';

const refusalOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    const { code, extensions } = error as CataloguedError;
    return [code, extensions['of'], extensions['limit']];
  }
  return undefined;
};
const measure = (text: string, limits: Partial<OperationLimits> = {}) =>
  refusalOf(() => refuseLargeDocument(parse(text), { ...DEFAULT_OPERATION_LIMITS, ...limits }));
const nested = (levels: number) => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`;
const times = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, index) => text(index)).join(' ');

describe('a document', () => {
  test.for<[of: string, text: (count: number) => string, limits: Partial<OperationLimits>]>([
    ['levels of fields', nested, { depth: 7 }],
    ['levels of fields', (n) => `{ ...F } fragment F on Q ${nested(n)}`, { depth: 7 }],
    ['fields', (n) => `{ a ${times(n - 1, () => 'b')} }`, { fields: 7 }],
    ['aliases', (n) => `{ ${times(n, (i) => `x${i}: a`)} }`, { aliases: 7 }],
    ['aliases', (n) => `{ a ...F b ...F } fragment F on Q { ${n > 7 ? 'w: a' : ''} x: a ${n > 7 ? '' : 'a'} y: a z: a }`, { aliases: 7 }],
    ['root fields', (n) => `{ ... { ${times(n, () => 'a')} } }`, { rootFields: 7 }],
    ['directives', (n) => `{ a ${times(n, () => '@skip(if: false)')} }`, { directives: 7 }],
    ['variables', (n) => `query (${times(n, (i) => `$v${i}: Int`)}) { a }`, { variables: 7 }],
    ['items in one list', (n) => `{ a(ids: [${times(n, String)}]) }`, { listItems: 7 }],
  ])('may have so many %s and not one more', ([of, text, limits]) => {
    expect(measure(text(7), limits)).toBeUndefined();
    expect(measure(text(8), limits)).toEqual(['OPERATION_TOO_LARGE', of, 7]);
  });

  test('counts fragments where they are spread, in the time it takes to read it', () => {
    const doubled = `{ ...F0 } ${times(64, (i) => `fragment F${i} on Q { ...F${i + 1} ...F${i + 1} }`)} fragment F64 on Q { a }`;
    const started = performance.now();
    expect(measure(doubled)).toEqual(['OPERATION_TOO_LARGE', 'root fields', 50]);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('has no U+0000 in its texts, nor have variables', () => {
    expect(measure('{ a(text: "before \\u0000 after") }')).toEqual(['BAD_USER_INPUT', undefined, undefined]);
    expect(measure('{ a(text: "before \\\\u0000 after") }')).toBeUndefined();
    const variables = (value: unknown) => refusalOf(() => refuseLargeVariables({ value }, DEFAULT_OPERATION_LIMITS));
    expect(variables({ in: ['a', 'b\0'] })).toEqual(['BAD_USER_INPUT', undefined, undefined]);
    expect(variables({ in: ['a', 'b'] })).toBeUndefined();
  });

  test('whose fragments go in circles is for validation to refuse', () => {
    expect(measure('{ ...A } fragment A on Q { a ...B } fragment B on Q { b ...A }')).toBeUndefined();
    expect(measure('{ ...A } fragment A on Q { a { ...A } }')).toBeUndefined();
  });

  test('measures like one whose fragments are written out', () => {
    const selection = fc.letrec((tie) => ({
      field: fc.record({ alias: fc.boolean(), inner: fc.option(tie('set'), { depthSize: 'small' }) }),
      set: fc.array(fc.oneof({ depthSize: 'small' }, tie('field'), tie('field'), fc.record({ spread: tie('set') })), {
        minLength: 1,
        maxLength: 3,
      }),
    }));
    type Node = { alias?: boolean; inner?: Node[] | null; spread?: Node[] };
    fc.assert(
      fc.property(selection.set, fc.integer({ min: 1, max: 6 }), (set, limit) => {
        const fragments: string[] = [];
        const write = (nodes: Node[], out: boolean): string =>
          `{ ${nodes
            .map((node) => {
              if (node.spread !== undefined) {
                if (out) return `... on Q ${write(node.spread, out)}`;
                const name = `F${fragments.length}`;
                fragments.push('');
                fragments[Number(name.slice(1))] = `fragment ${name} on Q ${write(node.spread, out)}`;
                return `...${name}`;
              }
              return `${node.alias === true ? 'x: ' : ''}a ${node.inner ? write(node.inner, out) : ''}`;
            })
            .join(' ')} }`;
        const plain = write(set as Node[], true);
        const spread = `${write(set as Node[], false)} ${fragments.join(' ')}`;
        for (const limits of [{ depth: limit }, { fields: limit }, { aliases: limit }, { rootFields: limit }])
          expect(measure(spread, limits)).toEqual(measure(plain, limits));
      }),
      { numRuns: 200 },
    );
  });
});

describe('variables', () => {
  const refused = (variables: Record<string, unknown>, limits: Partial<OperationLimits> = {}) =>
    refusalOf(() => refuseLargeVariables(variables, { ...DEFAULT_OPERATION_LIMITS, ...limits }));

  test.for<[of: string, variables: (count: number) => Record<string, unknown>, limits: Partial<OperationLimits>]>([
    ['variables', (n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`v${i}`, 1])), { variables: 7 }],
    ['items in one list', (n) => ({ a: { b: Array(n).fill(1) } }), { listItems: 7 }],
    ['levels in variables', (n) => ({ a: Array.from({ length: n }).reduce((inner) => [inner], 1) }), { variableDepth: 7 }],
    ['values in variables', (n) => ({ a: { b: Array(n - 2).fill(1) } }), { variableValues: 7 }],
  ])('may have so many %s and not one more', ([of, variables, limits]) => {
    expect(refused(variables(7), limits)).toBeUndefined();
    expect(refused(variables(8), limits)).toEqual(['OPERATION_TOO_LARGE', of, 7]);
  });

  test('with names out of the prototype are counted like others', () => {
    expect(refused(JSON.parse('{"a":{"__proto__":[1,2,3]}}') as Record<string, unknown>, { listItems: 2 })).toEqual([
      'OPERATION_TOO_LARGE',
      'items in one list',
      2,
    ]);
  });
});

describe('what is admitted', () => {
  test('is a document of a size that caches can keep', () => {
    expect(refusalOf(() => new Admission().admit({ query: `{ a } # ${'x'.repeat(70_000)}` }))).toEqual([
      'OPERATION_TOO_LARGE',
      'characters in its document',
      65_536,
    ]);
  });

  test('is a batch no longer than it may be', () => {
    const admission = new Admission({ limits: { batch: 2 } });
    expect(refusalOf(() => admission.admitBatch([1, 2]))).toBeUndefined();
    expect(refusalOf(() => admission.admitBatch([1, 2, 3]))).toEqual(['OPERATION_TOO_LARGE', 'operations in one batch', 2]);
  });

  test('is also what is no GraphQL, for others to refuse', () => {
    for (const request of [{ query: '{' }, { query: 1 }, {}]) expect(new Admission().admit(request)).toBe(request);
  });
});
