import type { Server } from 'node:http';
import { type ExecutionResult, GraphQLError, type GraphQLSchema, parse, subscribe, validate } from 'graphql';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Faults } from './faults.js';
import type { PlainFollower } from './follower.js';
import type { PlainCaller, PlainTokens } from './tokens.js';

const NO_FAULTS: Faults = new Set();

interface Message {
  type: string;
  id?: string;
  payload?: Record<string, unknown>;
}

/** graphql-transport-ws, by hand and from the protocol's text. */
export function plainSocketServer(server: Server, schema: GraphQLSchema, tokens: PlainTokens, faults: Faults): WebSocketServer {
  const sockets = new WebSocketServer({
    server,
    handleProtocols: (offered) => (offered.has('graphql-transport-ws') ? 'graphql-transport-ws' : false),
  });
  sockets.on('connection', (socket) => {
    if (faults.has('no sockets')) return socket.close(1011);
    if (socket.protocol !== 'graphql-transport-ws' && !faults.has('any subprotocol served'))
      return socket.close(4406, 'Subprotocol not acceptable');
    return new PlainConnection(socket, schema, tokens, faults);
  });
  return sockets;
}

class PlainConnection {
  #caller: PlainCaller | undefined;
  #initialised = false;
  readonly #streams = new Map<string, AsyncIterator<ExecutionResult>>();
  readonly #used = new Set<string>();
  readonly #followers = new Set<PlainFollower>();

  constructor(
    readonly socket: WebSocket,
    readonly schema: GraphQLSchema,
    readonly tokens: PlainTokens,
    readonly faults: Faults,
  ) {
    socket.on('message', (data) => this.#receive((data as Buffer).toString()));
    socket.on('close', (code) => {
      // 1006: nobody said goodbye
      if (code === 1006) for (const follower of this.#followers) follower.brokenOff();
      for (const stream of this.#streams.values()) void stream.return?.();
    });
  }

  #receive(text: string): void {
    let message: Message;
    try {
      message = JSON.parse(text) as Message;
    } catch {
      return this.#garbage();
    }
    const { type, id, payload } = message;
    if (type === 'connection_init') return this.#init(payload);
    if (type === 'ping') return this.faults.has('pong missing') ? undefined : this.#send({ type: 'pong' });
    if (type === 'pong') return undefined;
    if (type === 'complete') return this.#complete(id ?? '');
    if (type !== 'subscribe' || id === undefined || typeof payload?.['query'] !== 'string') return this.#garbage();
    if (!this.#initialised && !this.faults.has('connection_init not required')) return this.socket.close(4401, 'Unauthorized');
    const taken = this.#streams.has(id) || (this.faults.has('ids never free again') && this.#used.has(id));
    if (taken && !this.faults.has('duplicate ids accepted')) return this.socket.close(4409, `Subscriber for ${id} already exists`);
    this.#used.add(id);
    void this.#subscribe(id, payload['query'], payload['variables'] as Record<string, unknown>);
    return undefined;
  }

  #garbage(): void {
    if (!this.faults.has('garbage ignored')) this.socket.close(4400, 'Invalid message');
  }

  #init(payload: Record<string, unknown> | undefined): void {
    if (this.#initialised && !this.faults.has('connection_init twice accepted'))
      return this.socket.close(4429, 'Too many initialisation requests');
    const trusting = this.faults.has('token not checked on socket');
    this.#caller = trusting ? { roles: ['platform'] } : this.tokens.caller(payload?.['authorization'] as string | undefined, NO_FAULTS);
    if (this.#caller === undefined) return this.socket.close(4403, 'Forbidden');
    this.#initialised = true;
    return this.#send({ type: 'connection_ack' });
  }

  #complete(id: string): void {
    if (this.faults.has('complete ignored')) return;
    void this.#streams.get(id)?.return?.();
    this.#streams.delete(id);
  }

  async #subscribe(id: string, query: string, variableValues: Record<string, unknown> | undefined): Promise<void> {
    const fail = (errors: readonly GraphQLError[]) => {
      if (this.faults.has('wrong subscription closes the socket') && errors.some(({ message }) => message.startsWith('Cannot query')))
        return this.socket.close(4400);
      return this.#send({ type: 'error', id, payload: errors.map((error) => error.toJSON()) });
    };
    // taken at once, so that a second message with this id finds it taken
    this.#streams.set(id, EMPTY);
    try {
      const document = parse(query);
      const problems = validate(this.schema, document);
      const contextValue = { caller: this.#caller ?? { roles: [] }, followed: (follower: PlainFollower) => this.#followers.add(follower) };
      const source =
        problems.length > 0
          ? { errors: problems }
          : await subscribe({ schema: this.schema, document, variableValues: variableValues ?? {}, contextValue });
      if (!(Symbol.asyncIterator in source)) {
        this.#streams.delete(id);
        return fail(source.errors ?? []);
      }
      if (this.#streams.get(id) !== EMPTY) return void source.return(undefined);
      this.#streams.set(id, source);
      for await (const result of source) this.#send({ type: 'next', id, payload: result });
      if (this.#streams.get(id) === source) {
        this.#streams.delete(id);
        this.#send({ type: 'complete', id });
      }
    } catch (error) {
      this.#streams.delete(id);
      fail([error instanceof GraphQLError ? error : new GraphQLError('a fault inside')]);
    }
  }

  #send(message: Record<string, unknown>): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(message));
  }
}

const EMPTY: AsyncIterator<ExecutionResult> = { next: async () => ({ done: true, value: undefined }) };
