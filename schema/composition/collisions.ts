import type { CompositionProblem } from './composition-failed.js';
import { departmentContract } from './contract.js';
import { type PublishedSchema, ROOT_TYPES } from './published-schema.js';

/** A subgraph beside the contract, for telling who defines what. */
export interface NamedSchema {
  name: string;
  department: boolean;
  schema: PublishedSchema;
}

/**
 * Names that a department's extension shares with a platform subgraph or with another department's extension
 * (`drug` and `drug-safety` may both think of `drugSafetyReport`). Federation would merge such types in silence.
 */
export function collisions(subgraphs: readonly NamedSchema[]): CompositionProblem[] {
  const owners = new Map<string, NamedSchema[]>();
  for (const subgraph of subgraphs) {
    for (const member of ownMembers(subgraph)) owners.set(member, [...(owners.get(member) ?? []), subgraph]);
  }
  const problems: CompositionProblem[] = [];
  for (const [member, all] of [...owners].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const owner of all.filter((candidate) => candidate.department)) {
      const others = all
        .filter((other) => other !== owner)
        .map((other) => `${other.department ? 'department' : 'platform subgraph'} ${other.name}`);
      if (others.length > 0)
        problems.push({ department: owner.name, message: `${member} is defined by ${others.join(' and ')} too. Choose another name.` });
    }
  }
  return problems;
}

function ownMembers({ schema, department }: NamedSchema): string[] {
  const contract = departmentContract().schema.types;
  return [...schema.types.values()].flatMap((type) => {
    const agreed = contract.get(type.name);
    if (!agreed && !ROOT_TYPES.has(type.name)) return [type.name];
    return [...type.fields.values()]
      .filter((field) => !agreed?.fields.has(field.name.value))
      .filter((field) => !(department && field.directives?.some(({ name }) => schema.links.meaning(name.value) === 'external')))
      .map((field) => `${type.name}.${field.name.value}`);
  });
}
