import { GraphQLError } from 'graphql';

/** A request that is refused, with the code that says why. */
export class Refusal extends GraphQLError {
  constructor(code: string, message: string) {
    super(message, { extensions: { code } });
  }
}
