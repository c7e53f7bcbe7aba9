import { Kind, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { composeSupergraph } from '../../../../schema/composition/compose.js';
import { departmentContract } from '../../../../schema/composition/contract.js';
import { CASE_EVENT_FIELDS } from '../../../../subgraphs/platform/acceptance/following/department-event.js';
import { acceptanceSchema } from '../../../../subgraphs/platform/acceptance/index.js';
import { department } from '../../../schema/department-fixture.js';

async function enumValues(sdl: string, name: string): Promise<string[]> {
  for (const definition of parse(sdl).definitions) {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === name)
      return (definition.values ?? []).map(({ name }) => name.value).sort();
  }
  throw new Error(`no enum ${name}`);
}

describe('the schema of the ledger', () => {
  test('has the enums it shares with the department contract value for value', async () => {
    const { sdl } = await acceptanceSchema();
    const contract = departmentContract().sdl;
    expect(await enumValues(sdl, 'DecisionOutcome')).toEqual(await enumValues(contract, 'DecisionOutcome'));
    expect(await enumValues(sdl, 'CaseProgressKind')).toEqual(['ACCEPTED', ...(await enumValues(contract, 'CaseEventKind'))].sort());
  });

  test('adds to Case only fields that no department answers', async () => {
    const { schema } = await acceptanceSchema();
    const type = schema.getType('Case') as unknown as { getFields(): Record<string, unknown> };
    const own = new Set(departmentContract().schema.types.get('Case')?.fields.keys());
    expect(
      Object.keys(type.getFields())
        .filter((field) => own.has(field))
        .sort(),
    ).toEqual(['departmentCode', 'number']);
  });

  test('describes every public type, field, argument and value in Chinese and English', async () => {
    const { schema } = await acceptanceSchema();
    const bare: string[] = [];
    const look = (name: string, description: string | null | undefined) => {
      if (!/\p{Script=Han}/u.test(description ?? '') || !/[a-z]{2}/i.test(description ?? '')) bare.push(name);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (/^(_|Query|Mutation|Subscription|String|Int|Float|Boolean|ID|federation__|link__)|(Edge|Connection)$|^PageInfo$/.test(type.name))
        continue;
      look(type.name, type.description);
      if ('getValues' in type) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value.description);
      if ('getFields' in type) for (const field of Object.values(type.getFields())) look(`${type.name}.${field.name}`, field.description);
    }
    for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
      for (const field of Object.values(root?.getFields() ?? {})) if (!field.name.startsWith('_')) look(field.name, field.description);
    }
    // stubs are described by whoever owns them
    expect(bare.filter((name) => !/^(Department|ServiceItem)\b/.test(name))).toEqual([]);
  });

  test('composes with the departments, hiding nothing of theirs', async () => {
    const { sdl } = await acceptanceSchema();
    const platform = [{ name: 'acceptance', url: 'http://acceptance.test/graphql', sdl }];
    const supergraph = composeSupergraph({ platform, departments: [department('drug'), department('transport')] });
    expect(supergraph.sdl).toMatch(/timeline: \[CaseProgress!\]!/);
    expect(supergraph.sdl).toMatch(/decision: Decision/);
  });

  test('asks a department for every detail that the contract has', async () => {
    const { schema } = departmentContract();
    const asked = new Set(CASE_EVENT_FIELDS.match(/\w+/g));
    const unasked: string[] = [];
    const visited: string[] = [];
    const visit = (name: string, path: string) => {
      for (const [field, node] of schema.types.get(name)?.fields ?? []) {
        visited.push(`${path}.${field}`);
        if (!asked.has(field)) unasked.push(`${name}.${field}`);
        const target = JSON.stringify(node.type).match(/"value":"(\w+)"/)?.[1] ?? '';
        if (schema.types.get(target)?.kind === 'type') visit(target, `${path}.${field}`);
      }
    };
    visit('CaseEvent', 'CaseEvent');
    expect(visited).toContain('CaseEvent.certificate.validUntil');
    expect(unasked).toEqual([]);
  });
});
