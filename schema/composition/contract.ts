import { readFileSync } from 'node:fs';
import { type DocumentNode, parse } from 'graphql';
import { contractFile } from './package-files.js';
import { type PublishedSchema, publishedSchema, ROOT_TYPES } from './published-schema.js';

/** Raised when a member of the contract is removed or altered; additions of nullable fields do not raise it. */
export const CONTRACT_VERSION = 1;

/** The name of the one logical subgraph that all departments implement. */
export const DEPARTMENTS_SUBGRAPH = 'departments';

export interface DepartmentContract {
  version: typeof CONTRACT_VERSION;
  sdl: string;
  document: DocumentNode;
  schema: PublishedSchema;
  /** The types whose rows departments own, and which they may add fields to: `Case`, `ServiceItem`. */
  entities: ReadonlySet<string>;
  /** The types that never reach the public API. */
  inaccessibleTypes: ReadonlySet<string>;
}

let contract: DepartmentContract | undefined;

/** The department contract. Read from the package once, on first use: it can't change while the program runs. */
export function departmentContract(): DepartmentContract {
  contract ??= parseContract(readFileSync(contractFile(), 'utf8'));
  return contract;
}

function parseContract(sdl: string): DepartmentContract {
  const document = parse(sdl);
  const schema = publishedSchema(document);
  const typesWith = (directive: string) =>
    new Set(
      [...schema.types.values()].filter((type) => type.directives.some((used) => used.name.value === directive)).map((type) => type.name),
    );
  return { version: CONTRACT_VERSION, sdl, document, schema, entities: typesWith('key'), inaccessibleTypes: typesWith('inaccessible') };
}

/** Whether a department may add fields to this contract type. */
export function isExtensible(type: string): boolean {
  return ROOT_TYPES.has(type) || departmentContract().entities.has(type);
}
