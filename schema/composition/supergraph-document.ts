/** What the registry serves and a gateway builds a generation from. Plain data: it travels as JSON. */
export interface SupergraphDocument {
  /** Opaque; changes whenever anything below does, and only then. */
  version: string;
  /** The supergraph SDL. Subgraph URLs are in `join__Graph`. */
  sdl: string;
  /** Every department behind the logical subgraph `departments`, sorted by code. */
  departments: DepartmentRoute[];
}

/** Where the rows of one department are answered. */
export interface DepartmentRoute {
  /** The value of `departmentCode`, e.g. `drug`, `human-resources`. */
  code: string;
  /** The HTTP endpoint of its subgraph. */
  url: string;
  /** The ws:// or wss:// endpoint of its subgraph. */
  subscriptionUrl: string;
  /** True when the supergraph has an extension subgraph named after the code. */
  extension: boolean;
}
