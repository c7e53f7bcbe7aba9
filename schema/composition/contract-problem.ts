export type ContractProblemCode =
  /** The text is no GraphQL SDL; nothing more can be said about it. */
  | 'UNREADABLE'
  /** It is SDL, but no valid Federation subgraph: an unknown type or directive, a duplicate, a wrong `@key` … */
  | 'INVALID_SCHEMA'
  /** A member of the contract that the department does not have. */
  | 'MISSING_MEMBER'
  /** A member of the contract that the department has in another shape. */
  | 'ALTERED_MEMBER'
  /** Something beyond the contract that a department may not add. */
  | 'FORBIDDEN_EXTENSION';

/** One reason why a published SDL is not accepted, told to the people who maintain that department. */
export interface ContractProblem {
  code: ContractProblemCode;
  /** The schema coordinate: `Case.steps`, `Mutation.decide(outcome:)`, `Case @key`. Absent when no one member is to blame. */
  member?: string;
  /** The contract's shape of the member, as SDL. */
  expected?: string;
  /** The department's shape of the member, as SDL. */
  found?: string;
  /** What is wrong and what to do about it, in a sentence. */
  message: string;
  /** One-based, in the department's SDL; the enclosing type's when the member itself is missing. */
  line?: number;
  /** One-based, in the department's SDL. */
  column?: number;
}
