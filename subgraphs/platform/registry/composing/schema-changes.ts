import { type Change, ChangeType, CriticalityLevel, diff } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';

export type Criticality = 'BREAKING' | 'DANGEROUS' | 'NON_BREAKING';

/** One difference between two graphs, as clients see them. Plain data: it is kept with the version. */
export interface SchemaChange {
  readonly criticality: Criticality;
  readonly message: string;
  /** The member that changed: `Case.drugRoute`, `Query.cases.first`; null for what has no coordinate. */
  readonly coordinate: string | null;
  /** Whose use makes the change felt: a coordinate that field usage is counted under. */
  readonly feltBy: string | null;
}

/** What clients would notice of `after` in place of `before`; breaking changes first. */
export async function schemaChanges(before: GraphQLSchema, after: GraphQLSchema): Promise<SchemaChange[]> {
  const changes = await diff(before, after);
  const order: readonly Criticality[] = ['BREAKING', 'DANGEROUS', 'NON_BREAKING'];
  return changes
    .filter(({ type }) => !DESCRIPTIVE.has(type))
    .map(
      (change): SchemaChange => ({
        criticality: criticalityOf(change),
        message: change.message,
        coordinate: change.path ?? null,
        feltBy: feltBy(change),
      }),
    )
    .sort((a, b) => order.indexOf(a.criticality) - order.indexOf(b.criticality) || compare(a.message, b.message));
}

/** Words about members change nothing for anybody. */
const DESCRIPTIVE: ReadonlySet<string> = new Set(Object.values(ChangeType).filter((type) => type.includes('DESCRIPTION')));

/** Felt by whoever uses the member itself. */
const BY_MEMBER: ReadonlySet<string> = new Set([
  ChangeType.FieldRemoved,
  ChangeType.FieldTypeChanged,
  ChangeType.FieldArgumentRemoved,
  ChangeType.FieldArgumentTypeChanged,
  ChangeType.FieldArgumentDefaultChanged,
  ChangeType.InputFieldRemoved,
  ChangeType.InputFieldTypeChanged,
  ChangeType.InputFieldDefaultValueChanged,
]);

/** Felt by whoever uses what the member belongs to: an added argument that is required, a value or type that is gone. */
const BY_PARENT: ReadonlySet<string> = new Set([
  ChangeType.FieldArgumentAdded,
  ChangeType.InputFieldAdded,
  ChangeType.EnumValueRemoved,
  ChangeType.EnumValueAdded,
  ChangeType.UnionMemberRemoved,
  ChangeType.UnionMemberAdded,
]);

function feltBy({ type, path }: Change): string | null {
  if (path === undefined) return null;
  if (BY_MEMBER.has(type)) return path;
  if (BY_PARENT.has(type)) return path.split('.').slice(0, -1).join('.');
  return path.split('.')[0] ?? null;
}

function criticalityOf({ criticality: { level } }: Change): Criticality {
  if (level === CriticalityLevel.Breaking) return 'BREAKING';
  return level === CriticalityLevel.Dangerous ? 'DANGEROUS' : 'NON_BREAKING';
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
