#!/usr/bin/env node
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { UsageError } from './commands/command.js';
import { GraphRefusal } from './commands/graph-refusal.js';
import { allCommands, COMMANDS } from './commands/index.js';
import { nodeProblem } from './node-version.js';

/** `npx acceptance <command>`. Exit codes: 0 done, 1 it failed, 2 it was asked wrongly. */
async function main(args: readonly string[]): Promise<number> {
  const problem = nodeProblem();
  if (problem !== undefined) {
    console.error(problem);
    return 1;
  }
  const named = [2, 1].map((words) => args.slice(0, words).join(' ')).find((name) => Object.hasOwn(COMMANDS, name));
  const command = await COMMANDS[named ?? '']?.();
  if (command === undefined) {
    const asked = args.length === 0 || args[0] === '--help' || args[0] === 'help';
    const lines = (await allCommands()).map(({ name, summary }) => `  ${name.padEnd(22)} ${summary}`).join('\n');
    (asked ? console.log : console.error)(
      `${asked ? '' : `acceptance: no command "${args.join(' ')}"\n\n`}acceptance <command> [--help]\n\n${lines}`,
    );
    return asked ? 0 : 2;
  }
  const rest = args.slice(command.name.split(' ').length);
  if (rest.includes('--help')) {
    console.log(`acceptance ${command.usage}\n\n${command.summary}\n\n${command.help}`);
    return 0;
  }
  return command.run(rest);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const wrongly = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true;
  const expected =
    wrongly || error instanceof CataloguedError || error instanceof GraphRefusal || (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  const code = error instanceof GraphRefusal || error instanceof CataloguedError ? ` (${error.code})` : '';
  console.error(expected ? `acceptance: ${(error as Error).message}${code}` : error);
  process.exitCode = wrongly ? 2 : 1;
}
