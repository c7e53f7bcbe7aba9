import { describe, expect, test } from 'vitest';
import { composeSupergraph } from '../../../../schema/composition/compose.js';
import { departmentContract } from '../../../../schema/composition/contract.js';
import { acceptanceSchema } from '../../../../subgraphs/platform/acceptance/index.js';
import { supervisionSchema } from '../../../../subgraphs/platform/supervision/index.js';
import { department } from '../../../schema/department-fixture.js';

describe('the schema of supervision', () => {
  test('describes every public type, field, argument and value in Chinese and English', async () => {
    const { schema } = await supervisionSchema();
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
    const stubs = /^(Department|ServiceItem|Case)(\.(code|departmentCode|number))?$/;
    expect(bare.filter((name) => !stubs.test(name))).toEqual([]);
  });

  test('adds to Case only fields that neither the ledger nor a department answers', async () => {
    const type = (await supervisionSchema()).schema.getType('Case') as unknown as { getFields(): Record<string, unknown> };
    const ledger = (await acceptanceSchema()).schema.getType('Case') as unknown as { getFields(): Record<string, unknown> };
    const taken = new Set([...Object.keys(ledger.getFields()), ...(departmentContract().schema.types.get('Case')?.fields.keys() ?? [])]);
    expect(
      Object.keys(type.getFields())
        .filter((field) => taken.has(field))
        .sort(),
    ).toEqual(['departmentCode', 'number']);
  });

  test('composes with the ledger and the departments', async () => {
    const platform = [
      { name: 'acceptance', url: 'http://acceptance.test/graphql', sdl: (await acceptanceSchema()).sdl },
      { name: 'supervision', url: 'http://supervision.test/graphql', sdl: (await supervisionSchema()).sdl },
    ];
    const { sdl } = composeSupergraph({ platform, departments: [department('drug')] });
    expect(sdl).toMatch(/caseAlerts\(/);
    expect(sdl).toMatch(/alerts: \[Alert!\]/);
  });
});
