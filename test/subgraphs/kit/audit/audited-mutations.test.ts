import { buildSchema, graphql } from 'graphql';
import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../../subgraphs/kit/audit/audit-entry.js';
import { AuditTrail } from '../../../../subgraphs/kit/audit/audit-trail.js';
import { auditMutations } from '../../../../subgraphs/kit/audit/audited-mutations.js';

const CALLER = { subject: 'somebody', roles: ['window'], requestId: 'r-1' };

/** A mutation whose records go to `record`; says what came of it, and whether it was done. */
async function act(record: (entry: AuditEntry) => Promise<void>, fails = false, patience?: number) {
  const schema = buildSchema('type Query { a: Int } type Mutation { act: Int }');
  let done = false;
  const field = schema.getMutationType()?.getFields()['act'];
  if (field === undefined) throw new Error('no field');
  field.resolve = () => {
    done = true;
    if (fails) throw new Error('the work failed');
    return 1;
  };
  auditMutations(schema, () => ({ caller: CALLER, sink: { record }, clock: () => new Date(0) }), patience);
  const { data, errors } = await graphql({ schema, source: 'mutation { act }', contextValue: {} });
  return { done, value: data?.['act'], error: errors?.[0]?.message };
}

test('a mutation whose beginning can not be recorded is not done', async () => {
  const refused = await act(() => Promise.reject(new Error('full')));
  expect(refused).toEqual({ done: false, value: null, error: 'full' });
});

test('nor is one that an audit which hangs would hold for ever', async () => {
  const refused = await act(() => new Promise(() => {}), false, 20);
  expect(refused).toMatchObject({ done: false, value: null });
  expect(refused.error).toContain('nothing was changed');
});

test('what was done is told as done, and what failed as it failed, though the outcome can not be recorded', async () => {
  const onlyBegun = async ({ outcome }: AuditEntry) => {
    if (outcome !== 'BEGUN') throw new Error('full');
  };
  expect(await act(onlyBegun)).toEqual({ done: true, value: 1, error: undefined });
  expect(await act(onlyBegun, true)).toEqual({ done: true, value: null, error: 'the work failed' });
});

test('an audit that hangs keeps no more than so many records waiting', async () => {
  const trail = new AuditTrail(new Promise(() => {}));
  const entry = { at: new Date(0), subject: 'a', roles: '', action: 'act', object: '', outcome: 'BEGUN', requestId: 'r', count: 1 };
  // those of the first batch are on their way
  for (let n = 0; n < 10_500; n++) void trail.record(entry).catch(() => {});
  await expect(trail.record(entry)).rejects.toThrow('too many records');
  expect(trail.failures).toBeGreaterThan(0);
});
