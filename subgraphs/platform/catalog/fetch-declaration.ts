import { randomUUID } from 'node:crypto';
import type { InternalTokens } from '../../kit/identity/internal-tokens.js';
import { callSubgraph } from '../../kit/server/call-subgraph.js';
import { type Declaration, readDeclaration } from './declaration.js';
import type { KnownDepartmentRow } from './tables.js';

const DEPARTMENT_ITEMS = /* GraphQL */ `
  query DepartmentItems($departmentCode: ID!) {
    departmentItems(departmentCode: $departmentCode) {
      code departmentCode name kind state
      guide {
        version itemName implementingBody legalBasis conditions
        materials { code name required electronic shared }
        formFields { name label required }
        commonErrors fee process statutoryDays promisedDays resultName consultation
      }
      approvalFlow { code name kind limitDays }
      reviewRules { version }
    }
  }
`;

export type FetchDeclaration = (department: Pick<KnownDepartmentRow, 'code' | 'url'>, signal: AbortSignal) => Promise<Declaration>;

/** Asks a department for its items, as the platform. It throws SubgraphCallFailed or DeclarationUnreadable. */
export function declarationFetcher(tokens: InternalTokens, timeout: number): FetchDeclaration {
  return async ({ code, url }, signal) => {
    const requestId = randomUUID();
    const authorization = await tokens.authorization(code, { subject: 'platform:catalog', roles: ['platform'], requestId });
    const { departmentItems } = await callSubgraph<{ departmentItems?: unknown }>({
      url,
      authorization,
      query: DEPARTMENT_ITEMS,
      variables: { departmentCode: code },
      requestId,
      timeout,
      signal,
    });
    return readDeclaration(code, departmentItems);
  };
}
