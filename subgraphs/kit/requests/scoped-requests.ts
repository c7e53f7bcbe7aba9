import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { OperationTypeNode } from 'graphql';
import { DEADLINE_HEADER, deadlineOf } from './deadline.js';
import { currentScope, RequestScope, runInScope } from './request-scope.js';

/** Has each request of `app` worked for in a scope of its own, which ends when whoever asked has left. */
export function scopeRequests(app: FastifyInstance): void {
  // once the body is read: before, what follows would not run in it
  app.addHook('preHandler', (request, { raw }, done) => {
    const scope = new RequestScope({ requestId: requestIdOf(request), deadline: deadlineOf(request.headers[DEADLINE_HEADER]) });
    raw.once('close', () => {
      if (!raw.writableFinished) scope.leave();
    });
    runInScope(scope, done);
  });
}

function requestIdOf({ headers, id }: FastifyRequest): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' ? given : id;
}

/** Lets a mutation that begins go on to its end. */
export function keepMutations<TContext extends BaseContext>(): ApolloServerPlugin<TContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation }) => {
        if (operation?.operation === OperationTypeNode.MUTATION) currentScope()?.keep();
      },
    }),
  };
}
