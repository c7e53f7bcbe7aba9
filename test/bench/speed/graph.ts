/**
 * Four neutral subgraphs and a page that is nested through all of them and back, as public gateway benchmarks have it:
 * people, works, comments on works by people, and what is in stock.
 */
export interface BenchSubgraph {
  readonly name: string;
  readonly sdl: string;
  readonly resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@external", "@requires", "@provides", "@shareable"])';

const PEOPLE = Array.from({ length: 7 }, (_, n) => ({ id: `p${n}`, name: `Person number ${n}`, login: `person-${n}`, born: 1960 + n }));
const WORKS = Array.from({ length: 9 }, (_, n) => ({
  code: `w${n}`,
  title: `The work with the number ${n}`,
  price: 100 + 17 * n,
  weight: 40 * n,
}));
const COMMENTS = Array.from({ length: 27 }, (_, n) => ({
  id: `c${n}`,
  text: `What is to be said of it, said for the ${n}th time`,
  by: `p${n % PEOPLE.length}`,
  on: `w${(n * 5) % WORKS.length}`,
}));

const commentsOf = (key: 'by' | 'on', value: string) => COMMENTS.filter((comment) => comment[key] === value);

export const SUBGRAPHS: readonly BenchSubgraph[] = [
  {
    name: 'people',
    sdl: `${LINK} type Query { people: [Person] } type Person @key(fields: "id") { id: ID! name: String login: String @shareable born: Int }`,
    resolvers: {
      Query: { people: () => PEOPLE },
      Person: { __resolveReference: ({ id }: { id: string }) => PEOPLE.find((person) => person.id === id) },
    },
  },
  {
    name: 'works',
    sdl: `${LINK} type Query { works(first: Int = 5): [Work] } type Work @key(fields: "code") { code: ID! title: String price: Int weight: Int }`,
    resolvers: {
      Query: { works: (_: unknown, { first }: { first: number }) => WORKS.slice(0, first) },
      Work: { __resolveReference: ({ code }: { code: string }) => WORKS.find((work) => work.code === code) },
    },
  },
  {
    name: 'comments',
    sdl: `${LINK}
      type Comment @key(fields: "id") { id: ID! text: String author: Person @provides(fields: "login") work: Work }
      type Person @key(fields: "id") { id: ID! login: String @external comments: [Comment] }
      type Work @key(fields: "code") { code: ID! comments: [Comment] }`,
    resolvers: {
      Comment: {
        __resolveReference: ({ id }: { id: string }) => COMMENTS.find((comment) => comment.id === id),
        author: ({ by }: { by: string }) => ({ id: by, login: PEOPLE.find(({ id }) => id === by)?.login }),
        work: ({ on }: { on: string }) => ({ code: on }),
      },
      Person: { comments: ({ id }: { id: string }) => commentsOf('by', id) },
      Work: { comments: ({ code }: { code: string }) => commentsOf('on', code) },
    },
  },
  {
    name: 'stock',
    sdl: `${LINK}
      type Work @key(fields: "code") { code: ID! price: Int @external weight: Int @external inStock: Boolean shipping: Int @requires(fields: "price weight") }`,
    resolvers: {
      Work: {
        inStock: ({ code }: { code: string }) => code !== 'w3',
        shipping: ({ price, weight }: { price: number; weight: number }) => (price > 200 ? 0 : Math.round(weight / 2)),
      },
    },
  },
];

/** The page. Sixteen subgraph calls by the plan, 88 kB of answer. */
export const PAGE = `
  fragment P on Person { id login name }
  fragment C on Comment { id text }
  fragment W on Work { inStock title price shipping code weight }
  query Page {
    people { ...P comments { ...C work { ...W comments { ...C author { ...P comments { ...C work { ...W } } } } } } }
    works(first: 5) { ...W comments { ...C author { ...P comments { ...C work { ...W } } } } }
  }`;
