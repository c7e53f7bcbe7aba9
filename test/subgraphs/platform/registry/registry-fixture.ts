import { randomUUID } from 'node:crypto';
import { graphqlSource } from '../../../../subgraphs/kit/feed/graphql-source.js';
import { callSubgraph, SubgraphCallFailed } from '../../../../subgraphs/kit/server/call-subgraph.js';
import type { RunningSubgraph } from '../../../../subgraphs/kit/server/serve-subgraph.js';
import type { SubgraphEnvironment } from '../../../../subgraphs/kit/server/subgraph-environment.js';
import type { DepartmentEvent } from '../../../../subgraphs/platform/registry/department-event.js';
import type { LiveEndpoints } from '../../../../subgraphs/platform/registry/publishing/live-check.js';
import { CONTRACT_SDL } from '../../../schema/department-fixture.js';
import { STORES } from '../../../support/stores.js';

/** The MySQL driver beside MariaDB's own. */
export const DRIVERS = STORES.flatMap((store) => {
  if (store.name.startsWith('node:sqlite')) return [store];
  const open = async () => {
    const files = await store.open();
    return { url: files.url.replace(/^\w+:/, 'mysql:'), [Symbol.asyncDispose]: () => files[Symbol.asyncDispose]() };
  };
  return [store, { ...store, name: `${store.name}, by the MySQL driver`, open }];
});

/** Endpoints that nobody serves, and that are taken to be what they are said to be. */
export const UNASKED: LiveEndpoints = {
  sdlOf: async () => CONTRACT_SDL,
  identify: async () => [],
  check: async () => [],
};

/** A platform subgraph with a public query, as small as one can be. */
export function platformSdl(field: string): string {
  return `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { ${field}: String }`;
}

export function departmentInput(code: string, sdl: string = CONTRACT_SDL, host = code): Record<string, unknown> {
  return {
    code,
    name: `${code}局`,
    affiliation: 'PROVINCIAL',
    url: `http://${host}.test/graphql`,
    subscriptionUrl: `ws://${host}.test/graphql`,
    sdl,
  };
}

export function platformInput(name: string, sdl: string = platformSdl(name), host = name): Record<string, unknown> {
  return { name, url: `http://${host}.test/graphql`, subscriptionUrl: `ws://${host}.test/graphql`, sdl };
}

export interface Supergraph {
  version: string;
  sdl: string;
  departments: { code: string; url: string; subscriptionUrl: string; extension: boolean }[];
}

/** Speaks to a registry over the network, under any role. */
export class RegistryClient {
  constructor(
    readonly environment: SubgraphEnvironment,
    readonly registry: RunningSubgraph,
  ) {}

  async ask<T extends object = Record<string, any>>(
    query: string,
    variables: Record<string, unknown> = {},
    ...roles: string[]
  ): Promise<T> {
    return callSubgraph<T>({
      url: this.registry.url,
      authorization: await this.environment.tokens.authorization('registry', { subject: 'test', roles, requestId: 'test' }),
      query,
      variables,
      requestId: randomUUID(),
      timeout: 30_000,
    });
  }

  async department(input: Record<string, unknown>, role = `department:${String(input['code'])}`): Promise<string | null> {
    const { registerDepartment } = await this.ask(
      'mutation($input: RegisterDepartmentInput!) { registerDepartment(input: $input) { departmentCode supergraphVersion } }',
      { input },
      role,
    );
    return registerDepartment.supergraphVersion;
  }

  async platform(input: Record<string, unknown>, role = 'platform'): Promise<string | null> {
    const { registerPlatform } = await this.ask(
      'mutation($input: RegisterPlatformInput!) { registerPlatform(input: $input) { name supergraphVersion } }',
      { input },
      role,
    );
    return registerPlatform.supergraphVersion;
  }

  async supergraph(ifNot?: string): Promise<Supergraph | null> {
    const { supergraph } = await this.ask(
      'query($ifNot: String) { supergraph(ifNot: $ifNot) { version sdl departments { code url subscriptionUrl extension } } }',
      { ifNot },
      'platform',
    );
    return supergraph;
  }

  /** The first `count` events after a cursor. */
  async events(count: number, after?: string): Promise<DepartmentEvent[]> {
    const source = graphqlSource<DepartmentEvent & { id: string; cursor: string }>({
      name: 'registry',
      url: () => this.registry.subscriptionUrl,
      query: `subscription($after: Cursor) { departmentEvents(after: $after) {
        id cursor kind occurredAt departmentCode name affiliation url subscriptionUrl } }`,
      authorization: () => this.environment.tokens.authorization('registry', { subject: 'test', roles: ['platform'], requestId: 'test' }),
    });
    const stream = source.open(after);
    const events: DepartmentEvent[] = [];
    while (events.length < count) events.push((await stream.next()).value as DepartmentEvent);
    await stream.return?.();
    return events;
  }
}

/** What a call was refused with. @throws Error when it was not refused. */
export async function refusal(call: Promise<unknown>): Promise<SubgraphCallFailed> {
  const error: unknown = await call.then(
    () => new Error('it was taken'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SubgraphCallFailed)) throw error;
  return error;
}
