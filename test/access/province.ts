import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readSettings } from '../../gateway/config/read-settings.js';
import { openExchangeKeys, openIdentity } from '../../gateway/main/environment.js';
import { type RunningSystem, startSystem } from '../../gateway/main/system.js';
import { createLogger } from '../../gateway/observability/logger.js';
import type { TableRole } from '../../schema/access/role-table.js';
import type { ExchangeKeys } from '../../subgraphs/kit/exchange/exchange-keys.js';
import { type SignedRequest, signatureHeaders, signRequest } from '../../subgraphs/kit/exchange/message-signature.js';
import type { Caller } from '../../subgraphs/kit/identity/caller.js';
import type { InternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import { completeApplication, type OfferedItem, offeredItems } from '../support/case-work.js';
import type { Answer } from '../support/environment.js';
import { eventually, Graph } from '../support/graph.js';

/** An accepted case with what can be recognised of it. */
export interface KnownCase {
  readonly number: string;
  readonly applicationId: string;
  readonly departmentCode: string;
  readonly applicantName: string;
  readonly idNumber: string;
}

const OWNER = 'person-owner';
const SUBJECTS: Partial<Record<TableRole, string>> = { anonymous: 'anonymous', owner: OWNER, applicant: 'person-other' };

/** The whole system in this process, with one case of drug's, and one of housing's that is somebody else's. */
export class Province implements AsyncDisposable {
  #stack = new AsyncDisposableStack();

  private constructor(
    readonly directory: string,
    readonly system: RunningSystem,
    readonly tokens: InternalTokens,
    readonly keys: ExchangeKeys,
    readonly graph: Graph,
    readonly items: readonly OfferedItem[],
  ) {}

  static async start(env: Record<string, string> = {}): Promise<Province> {
    await using stack = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), 'acceptance-access-'));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    // who is let through is asked here, and everything shares one event loop
    const quiet = { LOG_LEVEL: 'silent', GATEWAY_REGISTRY_POLL_MS: '100', MAX_EVENT_LOOP_LAG_MS: '0' };
    const variables = { DATA_DIR: directory, GATEWAY_PORT: '0', ...quiet, ...env };
    const settings = readSettings(variables, 'system');
    const system = stack.use(await startSystem(settings, createLogger(process.env['TEST_LOG_LEVEL'] ?? 'silent')));
    const { tokens } = await openIdentity(settings.subgraphs);
    const graph = await Graph.open(() => system.gateway.url, directory);
    const items = await offeredItems(graph, ['drug', 'transport', 'housing']);
    const province = new Province(directory, system, tokens, openExchangeKeys(settings.subgraphs), graph, items);
    province.#stack = stack.move();
    return province;
  }

  /** A case of an applicant's, which the department has received. */
  async open(departmentCode: string, n: number, subject: string): Promise<KnownCase> {
    const item = this.items.find((offered) => offered.departmentCode === departmentCode) as OfferedItem;
    const input = completeApplication(item, n);
    const token = await this.graph.issuer.issue(subject, ['applicant']);
    const applicationId = await eventually(async () => {
      const { data, errors } = await this.ask(
        `Bearer ${token}`,
        'mutation ($input: SubmitApplicationInput!) { submitApplication(input: $input) { application { id } } }',
        { input },
      );
      if (errors?.some(({ extensions }) => String(extensions?.['code']).startsWith('UNKNOWN_')) === true) return undefined;
      return data?.['submitApplication'].application.id as string;
    }, 'the application is taken');
    const { acceptApplication } = await this.graph.data(
      'window',
      'mutation ($input: AcceptApplicationInput!) { acceptApplication(input: $input) { case { number } } }',
      {
        input: { applicationId },
      },
    );
    const { number } = acceptApplication.case;
    await eventually(async () => {
      const { data } = await this.graph.ask('window', 'query ($number: ID!) { case(number: $number) { receivedAt } }', { number });
      return data?.['case']?.receivedAt ?? undefined;
    }, 'the department has received it');
    return { number, applicationId, departmentCode, applicantName: input.applicant.name, idNumber: input.applicant.idNumber };
  }

  url(name: string): { url: string; subscriptionUrl: string } {
    const found = this.system.subgraphs.find((subgraph) => subgraph.name === name);
    if (found === undefined) throw new Error(`no subgraph ${name}`);
    return found;
  }

  caller(role: TableRole, home: string): Caller {
    return { subject: SUBJECTS[role] ?? `test-${role}`, roles: rolesOf(role, home), requestId: randomUUID() };
  }

  /** Asks one subgraph as the gateway would: with an internal token, and signed. */
  async direct(
    name: string,
    who: Caller,
    query: string,
    variables: object = {},
    change: (headers: Record<string, string>) => void = () => {},
  ): Promise<Answer> {
    const { url } = this.url(name);
    const body = JSON.stringify({ query, variables });
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      authorization: await this.tokens.authorization(name, who),
      'x-request-id': who.requestId,
      ...(await this.signature(name, body, who.requestId)).headers,
    };
    change(headers);
    return (await (await fetch(url, { method: 'POST', headers, body })).json()) as Answer;
  }

  async signature(
    recipient: string,
    body: string,
    requestId: string,
    party = 'platform',
    at = new Date(),
  ): Promise<{ signed: SignedRequest; headers: Record<string, string> }> {
    const request = { method: 'POST', path: '/graphql', body, recipient, requestId };
    const signed = signRequest(request, party, await this.keys.signingKey(party), at);
    return { signed, headers: signatureHeaders(request, signed) };
  }

  /** Asks the gateway with a client's token. */
  async ask(authorization: string | undefined, query: string, variables: object = {}): Promise<Answer> {
    const response = await fetch(this.graph.url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  }

  async authorization(role: TableRole, home: string): Promise<string | undefined> {
    if (role === 'anonymous') return undefined;
    const { subject, roles } = this.caller(role, home);
    return `Bearer ${await this.graph.issuer.issue(subject, roles)}`;
  }

  /** The first thing a subscription brings, be it errors. */
  async first(url: string, authorization: string | undefined, query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const client = createClient({
      url,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: authorization === undefined ? {} : { authorization },
    });
    try {
      for await (const { data, errors } of client.iterate<Record<string, any>>({ query, variables })) {
        return { ...(data != null && { data }), ...(errors !== undefined && { errors: errors as never }) };
      }
      throw new Error('the subscription ended without anything');
    } catch (error) {
      if (Array.isArray(error)) return { errors: error as never };
      throw error;
    } finally {
      await client.dispose();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

export function rolesOf(role: TableRole, home: string): string[] {
  const away = home === 'transport' ? 'drug' : 'transport';
  switch (role) {
    case 'anonymous':
      return [];
    case 'owner':
      return ['applicant'];
    case 'department':
      return [`department:${home}`];
    case 'elsewhere':
      return [`department:${away}`];
    default:
      return [role];
  }
}

export { OWNER };
