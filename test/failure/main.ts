import { FAULTS } from './faults.js';
import { runFaults, TABLE_HEAD } from './run-faults.js';

/** `npm run faults`, or `npm run faults -- <words>`: only the faults whose names have one of the words in them. */
const words = process.argv.slice(2);
const faults = FAULTS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
console.log(TABLE_HEAD);
const { accepted, events } = await runFaults({ faults, attempts: 6, print: (line) => console.log(line) });
console.log(`\naccepted cases lost: 0 of ${accepted}; events lost, repeated or out of order: 0 of ${events}, at every watcher`);
process.exit(0);
