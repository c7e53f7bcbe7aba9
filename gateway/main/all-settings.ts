import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { type GatewaySettings, readGatewaySettings } from '../config.js';
import { readSubgraphSettings, type SubgraphSettings } from './subgraph-settings.js';

export interface AllSettings {
  readonly gateway: GatewaySettings;
  readonly subgraphs: SubgraphSettings;
}

/**
 * Reads the settings of the gateway and of subgraphs from environment variables.
 * @param missing what else the command finds wrong with them.
 * @throws CataloguedError CONFIGURATION_INVALID with every problem of both at once.
 */
export function readAllSettings(
  env: Readonly<Record<string, string | undefined>>,
  missing: (gateway: GatewaySettings) => readonly string[] = () => [],
): AllSettings {
  const problems: string[] = [];
  const gateway = attempt(() => readGatewaySettings(env), problems);
  const subgraphs = attempt(() => readSubgraphSettings(env), problems);
  if (gateway !== undefined) problems.push(...missing(gateway));
  if (gateway !== undefined && subgraphs !== undefined && problems.length === 0) return { gateway, subgraphs };
  const distinct = withoutRepeats(problems);
  throw new CataloguedError(
    'CONFIGURATION_INVALID',
    `the configuration is not valid:\n${distinct.map((problem) => `  - ${problem}`).join('\n')}`,
    {
      problems: distinct,
    },
  );
}

function attempt<T>(read: () => T, problems: string[]): T | undefined {
  try {
    return read();
  } catch (error) {
    const told = error instanceof CataloguedError ? error.extensions['problems'] : undefined;
    if (!Array.isArray(told)) throw error;
    problems.push(...(told as string[]));
    return undefined;
  }
}

/** A variable that both read is told once. */
function withoutRepeats(problems: readonly string[]): string[] {
  const variable = (problem: string) => /^[A-Z][A-Z_]+/.exec(problem)?.[0] ?? problem;
  return [...new Map(problems.toReversed().map((problem) => [variable(problem), problem])).values()].toReversed();
}
