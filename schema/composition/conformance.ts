import { contractMemberProblems } from './contract-members.js';
import type { ContractProblem } from './contract-problem.js';
import { isDepartmentCode } from './department-names.js';
import { extensionProblems } from './extension-rules.js';
import { publishedSchema } from './published-schema.js';
import { readDocument } from './sdl-document.js';
import { validityProblems } from './subgraph-validity.js';

/** A department as it publishes itself. */
export interface PublishedDepartment {
  /** Its code, the value of `departmentCode` in its rows: `drug`, `human-resources`. */
  code: string;
  /** Its whole subgraph SDL, as `_service { sdl }` answers it. */
  sdl: string;
}

/**
 * Checks that a department implements the department contract and adds to it only what it may.
 *
 * Order, descriptions, `extend type`, root types under other names, Federation 1 or 2, namespaced or renamed federation
 * directives, and the presence of `@partition`, `@inaccessible`, `@tag` or `@shareable` on contract members make
 * no difference: the contract's own apply. Types, arguments, defaults, enum values and keys have to be exactly the contract's.
 *
 * @returns every problem, in the contract's order; empty when the department conforms. Faults of the schema as a
 * whole (`INVALID_SCHEMA`) are looked for when the members agree. Never throws, whatever the text.
 */
export function checkConformance({ code, sdl }: PublishedDepartment): ContractProblem[] {
  if (!isDepartmentCode(code)) {
    return [
      {
        code: 'INVALID_SCHEMA',
        message: `"${code}" can't be a department's code: use lower-case words joined by hyphens, such as human-resources.`,
      },
    ];
  }
  const { document, problems } = readDocument(sdl);
  if (!document) return problems;
  const published = publishedSchema(document);
  const found = [...contractMemberProblems(published), ...extensionProblems(code, published)];
  return found.length > 0 ? found : validityProblems(code, document);
}
