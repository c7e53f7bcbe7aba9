import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

/** JSON lines. What clients send (tokens, variables) is cut out even where a log call hands it over by mistake. */
export function createLogger(level: string, destination?: DestinationStream): PinoLogger {
  const secrets = ['authorization', 'variables', 'cookie'];
  const options = {
    level,
    base: { service: 'gateway' },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]), censor: '[removed]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
