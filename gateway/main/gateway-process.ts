import { join } from 'node:path';
import type { Logger } from 'pino';
import { loggableError } from '../../subgraphs/kit/errors/loggable-error.js';
import { PLATFORM_PARTY } from '../../subgraphs/kit/exchange/exchange-keys.js';
import { ExchangeSender } from '../../subgraphs/kit/exchange/sender.js';
import { openEvidence } from '../../subgraphs/kit/server/evidence.js';
import type { SubgraphEnvironment } from '../../subgraphs/kit/server/subgraph-environment.js';
import { GATEWAY_NAME, GatewayAudit } from '../audit/gateway-audit.js';
import { readAuthorizationFile } from '../authorization/authorization-file.js';
import type { GatewaySettings } from '../config/gateway-settings.js';
import { loggedExchange } from '../fetching/logged-exchange.js';
import { TrustedDocuments } from '../limits/trusted-documents.js';
import { createClientIdentity } from '../security/client-identity.js';
import { createDemoIssuer, type DemoIssuer } from '../security/demo-issuer.js';
import { type RunningGateway, startGateway } from '../server/start-gateway.js';
import { DiskCopy } from '../supergraph/disk-copy.js';
import { fixedSupergraph } from '../supergraph/fixed-supergraph.js';
import { followRegistry } from '../supergraph/follow-registry.js';
import { UsageCounter } from '../usage/usage-counter.js';
import { UsageReporter } from '../usage/usage-reporter.js';

export interface GatewayProcess {
  readonly gateway: RunningGateway;
  /** The demonstration's issuer, where no other vouches for clients. */
  readonly demoIssuer: DemoIssuer | undefined;
}

/** What a gateway shares with the rest of the platform. Tokens and keys are there where identity is on. */
export type GatewayHome = Pick<SubgraphEnvironment, 'storeUrl' | 'auditStoreUrl' | 'exchange'> &
  Partial<Pick<SubgraphEnvironment, 'tokens'>>;

/** Starts a gateway as its settings say, on a fixed supergraph or following the registry. */
export async function startConfiguredGateway(settings: GatewaySettings, logger: Logger, home: GatewayHome): Promise<GatewayProcess> {
  const internalTokens = settings.auth ? home.tokens : undefined;
  const clock = () => new Date();
  const supergraph =
    settings.supergraphFile === undefined
      ? followRegistry({
          url: settings.registryUrl ?? '',
          logger,
          internalTokens,
          diskCopy: new DiskCopy(join(settings.dataDir, 'gateway', 'supergraph.json')),
          intervalMs: settings.registryPollMs,
        })
      : fixedSupergraph(settings.supergraphFile);
  const needsDemoIssuer = settings.auth && settings.issuers.length === 0;
  const demoIssuer = needsDemoIssuer ? await createDemoIssuer(join(settings.dataDir, 'keys', 'demo-issuer.json')) : undefined;
  const issuers =
    demoIssuer === undefined
      ? settings.issuers.map(({ issuer, audience, jwksUrl }) => ({ issuer, audience, keys: new URL(jwksUrl) }))
      : [demoIssuer];
  const table = settings.authorizationFile === undefined ? undefined : await readAuthorizationFile(settings.authorizationFile);
  const trusted = settings.trustedDocumentsFile === undefined ? undefined : await TrustedDocuments.read(settings.trustedDocumentsFile);
  await using stack = new AsyncDisposableStack();
  const evidence = settings.audit
    ? stack.use(openEvidence({ ...home, clock, log: logger }, { name: GATEWAY_NAME, party: PLATFORM_PARTY }))
    : undefined;
  const audit = evidence && stack.use(new GatewayAudit({ sink: evidence.audit, clock, logger }));
  const usage = new UsageCounter();
  if (settings.registryUrl !== undefined && settings.supergraphFile === undefined) {
    stack.use(new UsageReporter({ url: settings.registryUrl, counter: usage, logger, internalTokens, intervalMs: settings.usageReportMs }));
  }
  const serving = await startGateway({
    usage,
    supergraph,
    logger,
    metricsToken: settings.metricsToken,
    drainDelayMs: settings.drainDelayMs,
    overload: settings.overload,
    traces: settings.traces,
    host: settings.host,
    port: settings.port,
    identity: settings.auth
      ? createClientIdentity(issuers, {
          ...settings.identity,
          onKeysUnavailable: (issuer, error) => logger.error({ issuer, err: loggableError(error) }, "an issuer's keys can't be had"),
        })
      : undefined,
    introspection: settings.introspection,
    authorization: { table, rejectUnauthorized: settings.rejectUnauthorized },
    protection: {
      limits: settings.limits,
      trusted,
      cost: settings.cost.limit === 0 ? undefined : settings.cost,
      rates: { ...settings.rates, redisUrl: settings.redisUrl },
      corsOrigins: settings.corsOrigins,
      trustedProxies: settings.trustedProxies,
      production: settings.production,
      landingPage: settings.landingPage,
    },
    required: { names: settings.requiredSubgraphs },
    internalTokens,
    fetching: {
      timeoutMs: settings.fetchTimeoutMs,
      departmentTimeoutsMs: settings.departmentTimeoutsMs,
      exchange: evidence?.sender ?? (home.exchange && new ExchangeSender(PLATFORM_PARTY, home.exchange, loggedExchange(logger), clock)),
    },
    requestTimeoutMs: settings.requestTimeoutMs,
    bodyLimit: settings.bodyLimit,
    subscriptions: settings.subscriptions,
    audit,
  });
  stack.use(serving);
  const running = stack.move();
  // the gateway stops first, and then tells what it counted last and closes its audit
  return { gateway: { url: serving.url, origin: serving.origin, [Symbol.asyncDispose]: () => running.disposeAsync() }, demoIssuer };
}
