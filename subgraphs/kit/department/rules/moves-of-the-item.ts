import { CataloguedError } from '../../errors/catalogued-error.js';
import type { Caller } from '../../identity/caller.js';
import type { CaseMachine, CaseState, MoveName } from '../case-machine.js';

/** Where a move leads. */
export interface MoveMade {
  readonly from: CaseState;
  readonly to: CaseState;
  readonly move: MoveName;
}

/**
 * What an item does not publish as its flow is not done (Art. 12), and a move that a post is needed for is made by that
 * post. @throws CataloguedError MOVE_NOT_ALLOWED with what is allowed here to this officer
 */
export function itemAllows(machine: CaseMachine, { from: state, to, move }: MoveMade, departmentCode: string, caller: Caller): void {
  const holds = (posts: readonly string[] | undefined) =>
    posts === undefined || posts.some((post) => caller.roles.includes(`department:${departmentCode}:${post}`));
  const here = machine.filter(({ from }) => from.includes(state));
  const transition = here.find((one) => one.move === move);
  if (transition?.to.includes(to) === true && holds(transition.posts)) return;
  throw new CataloguedError('MOVE_NOT_ALLOWED', `the item does not allow ${move} where the case stands, or not to you`, {
    state,
    to,
    allowed: here.filter(({ posts }) => holds(posts)).map((one) => one.move),
    ...(transition?.posts !== undefined && { posts: transition.posts }),
  });
}
