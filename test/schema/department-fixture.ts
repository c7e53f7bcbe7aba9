import { readFileSync } from 'node:fs';
import type { DepartmentSubgraph, PlatformSubgraph } from '../../schema/composition/compose.js';
import { fieldPrefix, typePrefix } from '../../schema/composition/department-names.js';
import { contractFile } from '../../schema/composition/package-files.js';

/** The contract as the file has it, which is the smallest SDL that conforms. */
export const CONTRACT_SDL = readFileSync(contractFile(), 'utf8');

/** The contract and an extension of every allowed sort, as the department `code` would publish it. */
export function departmentSdl(code: string): string {
  const [field, type] = [fieldPrefix(code), typePrefix(code)];
  return `${CONTRACT_SDL}
    extend type Case {
      "路线。The route of the transport."
      ${field}Route: ${type}Route
    }
    extend type ServiceItem {
      ${field}Popularity: Int
    }
    extend type Query {
      ${field}RoutesNearby(latitude: Float!, longitude: Float!, since: DateTime): [${type}Route!]
    }
    "路线。A route."
    type ${type}Route @key(fields: "id") {
      id: ID!
      kind: ${type}RouteKind!
      reviewed: [CaseStep!]
      case: Case
    }
    enum ${type}RouteKind { SHORT LONG }
  `;
}

export function department(code: string, sdl: string = departmentSdl(code)): DepartmentSubgraph {
  return { code, url: `http://${code}.test/graphql`, subscriptionUrl: `ws://${code}.test/graphql`, sdl };
}

/** A platform subgraph that joins the ledger's part of a case, as acceptance does. */
export const ACCEPTANCE: PlatformSubgraph = {
  name: 'acceptance',
  url: 'http://acceptance.test/graphql',
  sdl: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
    scalar DateTime
    type Query { case(number: ID!): Case  cases(first: Int): [Case!]! }
    type Subscription { caseChanged(number: ID!): Case! }
    type Case @key(fields: "number departmentCode") {
      number: ID!
      departmentCode: ID!
      acceptedAt: DateTime!
      item: ServiceItem
    }
    type ServiceItem @key(fields: "code departmentCode", resolvable: false) { code: ID! departmentCode: ID! }
  `,
};
