import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type DocumentNode, Kind, OperationTypeNode, type SelectionSetNode } from 'graphql';
import { auditRequestId } from '../audit/audit-entry.js';
import { type AuditedRequest, outcomeOf } from '../audit/audited-mutations.js';
import { auditRefusals } from '../audit/audited-refusals.js';
import type { ReceivedExchange } from '../exchange/receiver.js';
import type { Caller } from '../identity/caller.js';
import type { Evidence } from './evidence.js';

interface Guarded extends AuditedRequest {
  readonly received: ReceivedExchange | undefined;
}

/** Apollo copies a context for each operation, and what is in it: a map by the context itself would find nothing. */
const GUARDED = Symbol('what is recorded of a request');
type Carrier = { [GUARDED]?: Guarded };

/** What stands between a request and the schema: signatures are checked, and what happens is recorded. */
export class RequestGuard<TContext extends BaseContext> {
  readonly #bodies = new WeakMap<object, Buffer>();

  /** @param report told of what could not be recorded of a request that is answered all the same */
  constructor(
    readonly evidence: Evidence,
    readonly report: (error: unknown) => void,
  ) {}

  /** Keeps each body as it came, since that is what is signed. */
  keepBodies(app: FastifyInstance): void {
    if (this.evidence.receiver === undefined) return;
    const parse = app.getDefaultJsonParser('error', 'error');
    app.removeContentTypeParser('application/json');
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      this.#bodies.set(request, body as Buffer);
      void parse(request, body.toString('utf8'), done);
    });
  }

  /** @throws CataloguedError SIGNATURE_REJECTED */
  async receive(request: FastifyRequest, caller: Caller, context: object): Promise<void> {
    const { audit, clock, receiver } = this.evidence;
    const { method, url, headers } = request;
    const body = this.#bodies.get(request) ?? Buffer.alloc(0);
    const [path = ''] = url.split('?');
    const received = await receiver?.receive({ method, path, body, requestId: String(headers['x-request-id']) }, headers);
    (context as Carrier)[GUARDED] = { caller, sink: audit, clock, received };
  }

  /** Records a request that got no further than its headers. */
  async refused(error: unknown, requestId: unknown): Promise<void> {
    const { audit, clock } = this.evidence;
    const entry = { at: clock(), subject: null, roles: '', action: 'request', object: '', count: 1 };
    await audit.record({ ...entry, outcome: outcomeOf(error), requestId: auditRequestId(requestId) });
  }

  requestOf(context: object): Guarded | undefined {
    return (context as Carrier)[GUARDED];
  }

  plugins(): ApolloServerPlugin<TContext>[] {
    return [this.#signatures(), auditRefusals<TContext>((context) => this.requestOf(context), this.report)];
  }

  #signatures(): ApolloServerPlugin<TContext> {
    return {
      requestDidStart: async () => ({
        didResolveOperation: async ({ document, operation, contextValue }) => {
          const request = this.requestOf(contextValue);
          if (request === undefined || operation?.operation !== OperationTypeNode.MUTATION) return;
          const mutations = rootFieldsOf(document, operation.selectionSet);
          this.evidence.receiver?.admit(mutations, request.caller, request.received);
        },
        willSendResponse: async ({ contextValue, response: { body } }) => {
          const received = this.requestOf(contextValue)?.received;
          const error = body.kind === 'single' ? body.singleResult.errors?.[0] : undefined;
          const code = error?.extensions?.['code'];
          await received?.settled(error === undefined ? 'OK' : typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR');
        },
      }),
    };
  }
}

/** Every root field, wherever it hides. The document is valid, so no fragment contains itself. */
function rootFieldsOf(document: DocumentNode, { selections }: SelectionSetNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFieldsOf(document, selection.selectionSet);
    const spread = selection.name.value;
    return document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === spread
        ? rootFieldsOf(document, definition.selectionSet)
        : [],
    );
  });
}
