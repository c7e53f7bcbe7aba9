/** One server whose SDL goes into the committed supergraph. */
export interface CommittedSource {
  /** The platform subgraph's name or the department's code; it is also the host in the committed file's URLs. */
  name: string;
  kind: 'platform' | 'department';
  /** Its subgraph SDL, built from its code without starting it. */
  sdl(): string | Promise<string>;
}

/** Every subgraph of this repository. */
export const COMMITTED_SOURCES: readonly CommittedSource[] = [];
