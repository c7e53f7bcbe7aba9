import { fieldPrefix } from '../../../schema/composition/department-names.js';
import type { NewDepartment } from './department-template.js';

/** What leads a newcomer through the first quarter of an hour. */
export function departmentReadme({ code, name, port }: NewDepartment): string {
  const url = `http://127.0.0.1:${port}/graphql`;
  return `# ${name}

A department of the acceptance graph, in TypeScript on the kit. Everything below is typed in the repository's own folder, while
\`npm start\` runs in another terminal.

1. Start it. It compiles first, and compiles again at every start.

   \`\`\`sh
   npm run department -- ${code} --port ${port}
   \`\`\`

2. Look whether it keeps the contract: its schema alone, then its running endpoint.

   \`\`\`sh
   npx acceptance department check ${code}
   npx acceptance department check ${code} --url ${url}
   \`\`\`

3. Publish it. \`--dry-run\` first, if you like: it shows every check and changes nothing.

   \`\`\`sh
   npx acceptance department publish ${code} --url ${url} --reason "our first item"
   \`\`\`

   Nothing is restarted: the gateway has the new graph within a second or two. Who may publish is whoever holds the department's own
   credential (role \`department:${code}\`) or an administrator's; with the demonstration's issuer on this machine, the command makes one itself.

4. Ask for its item, through the gateway.

   \`\`\`sh
   curl -s http://127.0.0.1:4000/graphql -H 'content-type: application/json' \\
     -d '{"query":"{ serviceItems(filter: { departmentCode: \\"${code}\\" }) { nodes { name guide { fee promisedDays } } } }"}'
   \`\`\`

Where to go on: \`office.ts\` says who the department is, \`items.ts\` what can be applied for (guide, flow, review rules),
\`types.ts\` and \`resolvers.ts\` what it adds to the graph (here \`Case.${fieldPrefix(code)}Office\`). Change something, start it again and publish
again. A field that clients use can't be taken away unnoticed: the publication is refused and says who uses it. A department with tables of its
own is in \`../transport\`.

A department that has to move to another address publishes the new \`--url\`; with \`REGISTRY_URL\` set it registers by itself whenever it
starts.
`;
}
