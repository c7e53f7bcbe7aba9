import type { Grants } from './grants.js';

/** One guard. Scopes and policies are joined as Apollo's composition does: any of these lists, and all names of that list. */
export type Guard =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes' | 'policies'; readonly anyOf: readonly (readonly string[])[] };

/** What a field or type asks of whoever reads it: every guard must let them through. */
export type Requirement = readonly Guard[];

/** The single question that a guard is made of, such as "has the caller this scope?". */
export interface Atom {
  /** Tells atoms apart. */
  readonly name: string;
  readonly isHeld: (grants: Grants) => boolean;
}

const AUTHENTICATED: Atom = { name: 'authenticated', isHeld: ({ authenticated }) => authenticated };

/** What has to be known of a caller to decide. */
export function atomsOf(requirement: Requirement): Atom[] {
  return requirement.flatMap((guard): Atom[] => {
    if (guard.kind === 'authenticated') return [AUTHENTICATED];
    return guard.anyOf.flat().map((name) => atom(guard.kind, name));
  });
}

/** Whether someone who holds these atoms may read it. */
export function isMet(requirement: Requirement, held: ReadonlySet<string>): boolean {
  return requirement.every((guard) => {
    if (guard.kind === 'authenticated') return held.has(AUTHENTICATED.name);
    // no list at all asks for nothing, as in the composed schema
    if (guard.anyOf.length === 0) return true;
    return guard.anyOf.some((all) => all.every((name) => held.has(atom(guard.kind, name).name)));
  });
}

function atom(kind: 'scopes' | 'policies', name: string): Atom {
  return kind === 'scopes'
    ? { name: `scope ${name}`, isHeld: (grants) => grants.hasScope(name) }
    : { name: `policy ${name}`, isHeld: (grants) => grants.hasPolicy(name) };
}
