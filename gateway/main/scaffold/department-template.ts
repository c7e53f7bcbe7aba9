import { createHash } from 'node:crypto';
import { fieldPrefix, typePrefix } from '../../../schema/composition/department-names.js';
import { isCreditCode } from '../../../subgraphs/kit/department/item-code.js';
import { departmentReadme } from './department-readme.js';

/** Who the new department is. */
export interface NewDepartment {
  readonly code: string;
  readonly name: string;
  readonly affiliation: 'PROVINCIAL' | 'CENTRAL';
  /** The port that its README starts it on. */
  readonly port: number;
}

/** The files of a new department, by name: complete, so that it starts and passes every check as it is. */
export function departmentFiles(department: NewDepartment): Map<string, string> {
  return new Map([
    ['README.md', departmentReadme(department)],
    ['office.ts', office(department)],
    ['items.ts', items(department)],
    ['types.ts', types(department)],
    ['resolvers.ts', resolvers(department)],
    ['index.ts', index(department)],
  ]);
}

function office({ code, name, affiliation }: NewDepartment): string {
  return `import type { DepartmentOffice } from '../../kit/department/definition.js';

/** Who this department is. Its credit code and seal are made up: put its own in. */
export const OFFICE: DepartmentOffice = {
  code: '${code}',
  name: '${name}',
  affiliation: '${affiliation}',
  seal: '${name}行政审批专用章',
  documentPrefix: '豫许',
  creditCode: '${creditCode(code)}',
};
`;
}

function items({ code }: NewDepartment): string {
  return `import type { DepartmentItem } from '../../kit/department/definition.js';
import { defineItem } from '../../kit/department/define-item.js';
import { complianceReview, ending } from '../../kit/department/flow-steps.js';
import { itemCode } from '../../kit/department/item-code.js';
import { BUSINESS_LICENCE, field, material } from '../../kit/department/materials.js';
import { ResultKind } from '../../kit/department/types/item-enums.js';
import { OFFICE } from './office.js';

/** One item to begin with. \`defineItem\` says at the start what an item lacks (Arts. 11, 12). */
export const FIRST_ITEM = itemCode(OFFICE.creditCode, '000100001000');

const firstItem = defineItem(OFFICE, {
  code: FIRST_ITEM,
  name: '示例许可事项',
  version: 1,
  publishedOn: '2026-01-05',
  legalBasis: ['《中华人民共和国行政许可法》第十二条'],
  conditions: ['具有独立法人资格'],
  materials: [material('application-form', '申请表'), BUSINESS_LICENCE],
  formFields: [field('scope', '申请范围', '如:全部')],
  commonErrors: ['申请表未盖章'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '决定', '制证', '送达'],
  statutoryDays: 20,
  promisedDays: 10,
  resultName: '示例许可证',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: 'https://samples.acceptance.example/${code}/certificate.pdf',
  consultation: ['窗口咨询:河南省政务服务中心'],
  validYears: 5,
  approvalFlow: [complianceReview('合规审查', 3), ...ending(3)],
  reviewRules: {
    version: 1,
    rules: [{ stepCode: 'compliance-review', content: '申请材料', standard: '办事指南', keyPoints: ['材料齐全'] }],
  },
});

export const ITEMS: readonly DepartmentItem[] = [firstItem];
`;
}

function types({ code }: NewDepartment): string {
  const [field, type] = [fieldPrefix(code), typePrefix(code)];
  return `import 'reflect-metadata';
import { Field, ID, ObjectType } from 'type-graphql';

/** A type of this department's own; its name begins with the department's code. */
@ObjectType({ description: '经办处室。The office that handles a case.' })
export class ${type}Office {
  @Field({ description: '名称。Its name.' }) name!: string;
  @Field({ description: '咨询电话。Where to ask.' }) phone!: string;
}

/** What this department adds to every case of its own: the key, and in \`resolvers.ts\` the field \`${field}Office\`. */
@ObjectType('Case')
export class ${type}Case {
  @Field(() => ID) number!: string;
  @Field(() => ID) departmentCode!: string;
}
`;
}

function resolvers({ code }: NewDepartment): string {
  const [field, type] = [fieldPrefix(code), typePrefix(code)];
  return `import { FieldResolver, Resolver } from 'type-graphql';
import { ${type}Case, ${type}Office } from './types.js';

@Resolver(() => ${type}Case)
export class ${type}CaseResolver {
  // nullable: it is null on other departments' cases, and while this department is down
  @FieldResolver(() => ${type}Office, { nullable: true, description: '经办处室。The office that handles the case.' })
  ${field}Office(): ${type}Office {
    return { name: '行政审批办公室', phone: '0371-00000000' };
  }
}
`;
}

function index({ code }: NewDepartment): string {
  const type = typePrefix(code);
  return `import type { DepartmentDefinition } from '../../kit/department/definition.js';
import { departmentSchema } from '../../kit/department/department-schema.js';
import { departmentStore } from '../../kit/department/department-store.js';
import { startDepartment } from '../../kit/department/start-department.js';
import type { KnownDepartment } from '../index.js';
import { ITEMS } from './items.js';
import { OFFICE } from './office.js';
import { ${type}CaseResolver } from './resolvers.js';
import { ${type}Case } from './types.js';

const definition: DepartmentDefinition = {
  ...OFFICE,
  items: ITEMS,
  // what it adds beyond the contract; tables of its own come with migrations, as in ../transport
  extension: {
    resolvers: [${type}CaseResolver],
    types: [${type}Case],
    tables: [],
    migrations: { sqlite: [], mysql: [] },
    loaders: () => ({}),
  },
};

/** What \`npx acceptance\` finds this department by. */
export const department: KnownDepartment = {
  code: OFFICE.code,
  name: OFFICE.name,
  affiliation: OFFICE.affiliation,
  start: (env) => startDepartment(env, definition),
  schema: () => departmentSchema(definition),
  store: () => departmentStore(definition.extension),
};
`;
}

/** A well-formed credit code that belongs to nobody; the same for the same department. */
function creditCode(code: string): string {
  const digits = [...createHash('sha256').update(code).digest()].map((byte) => byte % 10).join('');
  const body = `11410000${digits.slice(0, 9)}`;
  const check = Array.from('0123456789ABCDEFGHJKLMNPQRTUWXY').find((character) => isCreditCode(body + character));
  return `${body}${check}`;
}
