import type { DestinationStream } from 'pino';

/** Where processes log whose standard output is their answer. */
export const standardError: DestinationStream = {
  write(line) {
    process.stderr.write(line);
  },
};
