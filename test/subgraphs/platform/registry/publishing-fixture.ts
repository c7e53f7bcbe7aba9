import { SubgraphCallFailed } from '../../../../subgraphs/kit/server/call-subgraph.js';
import { type RunningRegistry, startRegistry } from '../../../../subgraphs/platform/registry/index.js';
import type { LiveEndpoints } from '../../../../subgraphs/platform/registry/publishing/live-check.js';
import type { PublicationProblem } from '../../../../subgraphs/platform/registry/publishing/publication-check.js';
import { CONTRACT_SDL, departmentSdl } from '../../../schema/department-fixture.js';
import { testEnvironment } from '../../../support/environment.js';
import { departmentInput, platformInput, RegistryClient } from './registry-fixture.js';

/** Endpoints as the test says: what each answers, or nothing. */
export class SaidEndpoints implements LiveEndpoints {
  readonly answers = new Map<string, string>();
  /** Called whenever an endpoint is checked, before it answers. */
  beforeCheck: () => Promise<void> = async () => {};
  /** What a check finds of an endpoint that answers. */
  found: PublicationProblem[] = [];
  asked = 0;

  async sdlOf({ url }: { url: string }): Promise<string> {
    const sdl = this.answers.get(url);
    if (sdl === undefined) throw new SubgraphCallFailed('no answer (ECONNREFUSED)', 'SUBGRAPH_UNAVAILABLE');
    return sdl;
  }

  async identify({ url }: { url: string }): Promise<PublicationProblem[]> {
    return this.answers.has(url) ? [] : [{ code: 'ENDPOINT_UNREACHABLE', message: 'nobody is there' }];
  }

  async check(target: { url: string }): Promise<PublicationProblem[]> {
    this.asked++;
    await this.beforeCheck();
    return [...(await this.identify(target)), ...this.found];
  }
}

export const urlOf = (code: string) => `http://${code}.test/graphql`;

const PUBLISH = `mutation($input: PublishDepartmentInput!) { publishDepartment(input: $input) {
  outcome baseVersion
  checks { kind outcome problems { code message member line remedy } }
  changes { criticality coordinate usedBy { client operation count } }
  supergraphVersion { number version createdBy reason }
} }`;

/** A registry with a complete platform and the departments drug and tax. */
export class PublishingWorld extends RegistryClient implements AsyncDisposable {
  readonly endpoints: SaidEndpoints;
  readonly running: RunningRegistry;

  private constructor(environment: Awaited<ReturnType<typeof testEnvironment>>, running: RunningRegistry, endpoints: SaidEndpoints) {
    super(environment, running);
    this.running = running;
    this.endpoints = endpoints;
  }

  static async open(storeUrl: string, clock: () => Date = () => new Date()): Promise<PublishingWorld> {
    const endpoints = new SaidEndpoints();
    for (const code of ['drug', 'tax', 'health']) endpoints.answers.set(urlOf(code), departmentSdl(code));
    const environment = await testEnvironment(storeUrl, { clock });
    const running = await startRegistry(environment, { expectedPlatform: ['registry', 'ledger'], endpoints });
    const world = new PublishingWorld(environment, running, endpoints);
    await world.platform(platformInput('ledger'));
    for (const code of ['drug', 'tax']) await world.department(departmentInput(code, departmentSdl(code)));
    return world;
  }

  async publish(input: Record<string, unknown>, role = `department:${String(input['departmentCode'])}`): Promise<any> {
    return (await this.ask(PUBLISH, { input }, role))['publishDepartment'];
  }

  /** Everything that a refused publication must leave as it was. */
  async record(): Promise<unknown> {
    const { departments, supergraphVersions } = await this.ask(
      `{ departments { code name state publications { totalCount nodes { number sdl } } }
         supergraphVersions(first: 100) { nodes { number version state createdAt restores publications { number } } } }`,
      {},
      'admin',
    );
    return { departments, supergraphVersions, supergraph: await this.supergraph() };
  }

  async history(): Promise<any[]> {
    const { supergraphVersions } = await this.ask(
      '{ supergraphVersions(first: 100) { nodes { number version state createdBy reason restores changes { criticality message coordinate } } } }',
      {},
      'monitor',
    );
    return supergraphVersions.nodes;
  }

  /** What a gateway tells after `client` ran an operation that touches `coordinates`. */
  async used(client: string, operation: string, coordinates: string[], lastSeen: Date, count = 3): Promise<void> {
    const hash = Buffer.from(operation).toString('hex').padEnd(64, '0');
    const operations = [{ hash, name: operation, document: '{ x }', client, count, lastSeen: lastSeen.toISOString(), coordinates }];
    await this.ask(
      'mutation($operations: [OperationUsageInput!]!) { reportUsage(operations: $operations) { taken } }',
      { operations },
      'platform',
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running[Symbol.asyncDispose]();
  }
}

/** The fixture's department without one of its own fields. */
export function without(code: string, field: RegExp): string {
  const sdl = departmentSdl(code);
  const text = sdl.replace(field, '');
  if (text === sdl) throw new Error('the field was not there');
  return text;
}
export { CONTRACT_SDL };
