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
    }
  }
`;

/** A declaration has the guide alone; how an item is handled is asked of the item itself. */
const HANDLING = /* GraphQL */ `
  query ItemHandling($items: [_Any!]!) {
    _entities(representations: $items) {
      ... on ServiceItem { approvalFlow { code name kind limitDays } reviewRules { version } }
    }
  }
`;

/** Items in one question. */
const AT_ONCE = 200;

export type FetchDeclaration = (department: Pick<KnownDepartmentRow, 'code' | 'url'>, signal: AbortSignal) => Promise<Declaration>;

/** Asks a department for its items, as the platform. It throws SubgraphCallFailed or DeclarationUnreadable. */
export function declarationFetcher(tokens: InternalTokens, timeout: number): FetchDeclaration {
  return async ({ code, url }, signal) => {
    const requestId = randomUUID();
    const authorization = await tokens.authorization(code, { subject: 'platform:catalog', roles: ['platform'], requestId });
    const ask = <T extends object>(query: string, variables: Record<string, unknown>) =>
      callSubgraph<T>({ url, authorization, query, variables, requestId, timeout, signal });
    const { departmentItems } = await ask<{ departmentItems?: unknown }>(DEPARTMENT_ITEMS, { departmentCode: code });
    if (!Array.isArray(departmentItems)) return readDeclaration(code, departmentItems);
    const own = departmentItems.filter((item): item is { code: string } => typeof (item as { code?: unknown } | null)?.code === 'string');
    const handling = new Map<string, object>();
    for (let from = 0; from < own.length; from += AT_ONCE) {
      const asked = own.slice(from, from + AT_ONCE);
      const items = asked.map((item) => ({ __typename: 'ServiceItem', code: item.code, departmentCode: code }));
      const { _entities } = await ask<{ _entities?: unknown }>(HANDLING, { items });
      if (!Array.isArray(_entities)) continue;
      for (const [index, { code: item }] of asked.entries()) handling.set(item, (_entities[index] as object | null | undefined) ?? {});
    }
    return readDeclaration(
      code,
      departmentItems.map((item: unknown) => {
        const found = handling.get((item as { code?: string } | null)?.code ?? '');
        return found === undefined ? item : { ...(item as object), ...found };
      }),
    );
  };
}
