/** The graph of the benchmark: events from one subgraph, each with an item that another one knows. */
export const CATALOG = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { item(code: ID!): Item }
  type Item @key(fields: "code") { code: ID!  name: String! }
`;

export const LEDGER = /* GraphQL */ `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://acceptance.gov/live/v1.0", import: ["@eventCursor"])
    @composeDirective(name: "@eventCursor")
  directive @eventCursor(argument: String! = "after", field: String! = "cursor", start: String) on FIELD_DEFINITION
  type Query { nothing: Int }
  type Subscription { events(after: String, only: String): Event! @eventCursor }
  type Event { cursor: String!  number: Int!  sentAt: Float!  text: String!  item: Item! }
  type Item @key(fields: "code", resolvable: false) { code: ID! }
`;

/** The same as one schema, for the server that executes per client. */
export const PLAIN = /* GraphQL */ `
  type Query { nothing: Int }
  type Subscription { events(after: String, only: String): Event! }
  type Event { cursor: String!  number: Int!  sentAt: Float!  text: String!  item: Item! }
  type Item { code: ID!  name: String! }
`;

export const WITHOUT_JOIN =
  'subscription Watch($after: String, $only: String) { events(after: $after, only: $only) { cursor number sentAt text } }';
export const WITH_JOIN =
  'subscription Watch($after: String, $only: String) { events(after: $after, only: $only) { cursor number sentAt text item { code name } } }';
