import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { loggableError } from '../../subgraphs/kit/errors/loggable-error.js';
import { logFields } from '../../subgraphs/kit/requests/request-scope.js';

export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

/** JSON lines. Errors are logged without what may repeat values; what clients send (tokens, variables) is cut out even where a log call hands it over by mistake. */
export function createLogger(level: string, destination?: DestinationStream): PinoLogger {
  const secrets = ['authorization', 'variables', 'cookie'];
  const options = {
    level,
    base: null,
    mixin: logFields,
    serializers: { err: (error: unknown) => (error instanceof Error ? loggableError(error) : error) },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]), censor: '[removed]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
