import { Supergraph } from '@apollo/federation-internals';
import { buildASTSchema, type GraphQLEnumType, isEnumType, isInputObjectType, isInterfaceType, isObjectType, parse } from 'graphql';
import { expect, test } from 'vitest';
import { composeSupergraph } from '../../../../schema/composition/compose.js';
import type { FederatedSchema } from '../../../../subgraphs/kit/schema/federated-schema.js';
import { catalogSchema } from '../../../../subgraphs/platform/catalog/schema.js';
import { registrySchema } from '../../../../subgraphs/platform/registry/schema.js';
import { CONTRACT_SDL, department, departmentSdl } from '../../../schema/department-fixture.js';

const values = (type: unknown) => Object.fromEntries((type as GraphQLEnumType).getValues().map(({ name, value }) => [name, value]));

test('the enums shared with the contract are the same', async () => {
  const contract = buildASTSchema(parse(CONTRACT_SDL), { assumeValidSDL: true });
  const { schema } = await catalogSchema();
  for (const name of ['ServiceItemKind', 'ServiceItemState']) {
    expect(isEnumType(schema.getType(name))).toBe(true);
    expect(values(schema.getType(name))).toEqual(values(contract.getType(name)));
  }
});

test('both compose with a department, and what is internal is not in the public graph', async () => {
  const [registry, catalog] = await Promise.all([registrySchema(), catalogSchema()]);
  const { sdl } = composeSupergraph({
    platform: [
      { name: 'registry', url: 'http://registry.test', sdl: registry.sdl },
      { name: 'catalog', url: 'http://catalog.test', sdl: catalog.sdl },
    ],
    departments: [department('drug', departmentSdl('drug'))],
  });
  const api = Supergraph.build(sdl).apiSchema().toGraphQLJSSchema();
  const fields = [api.getQueryType(), api.getMutationType()].flatMap((type) => Object.keys(type?.getFields() ?? {}));
  expect(fields).toEqual(
    expect.arrayContaining(['departments', 'department', 'serviceItems', 'serviceItem', 'catalogueProblems', 'refreshCatalogue']),
  );
  for (const member of ['registerDepartment', 'registerPlatform', 'supergraph', 'departmentItems']) expect(fields).not.toContain(member);
  // what is left of it has no member, so it is not there at all
  expect(api.getSubscriptionType()).toBeUndefined();
  const internal =
    /^(Register(Department|Platform)(Input|Payload)|(Department|Item)Event(Kind|Material|FormField|Step)?|CatalogueProblemEvent|SupergraphPublication|(OperationUsage|ReportUsage).*|PublishedDepartmentRoute)$/;
  expect(Object.keys(api.getTypeMap()).filter((name) => internal.test(name))).toEqual([]);
});

/** Members whose name says everything; the contract leaves these without words too. */
const PLAIN =
  /^(id|cursor|node|code|name|label|required|kind|state|occurredAt|materials|formFields|itemCode|departmentCode|itemKind|steps|affiliation|guideVersion|electronic|shared|hasNextPage|pageInfo|edges)$/;

test.each([
  ['registry', registrySchema],
  ['catalog', catalogSchema],
])('everything public in the %s is described in both languages', async (_name, build: () => Promise<FederatedSchema>) => {
  const { schema } = await build();
  const bilingual = (text: string | null | undefined) => /\p{Script=Han}/u.test(text ?? '') && /[a-z]{3}/i.test(text ?? '');
  const bare: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('_') || type.name.endsWith('Edge') || /^(link|federation)__/.test(type.name)) continue;
    if (!(isObjectType(type) || isInputObjectType(type) || isInterfaceType(type))) continue;
    const root = ['Query', 'Mutation', 'Subscription'].includes(type.name);
    if (!root && !bilingual(type.description)) bare.push(type.name);
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_') || PLAIN.test(field.name)) continue;
      if (!bilingual(field.description)) bare.push(`${type.name}.${field.name}`);
    }
  }
  expect(bare).toEqual([]);
});
