import type { FetchNode } from '@apollo/query-planner';
import { directRouter } from '../execution/direct-route.js';
import { EntityRefusal, type EntityRoute, type FetchRouter, type RootRoute } from '../execution/fetch-route.js';
import { readOwn } from '../execution/own-property.js';
import type { FetchTarget } from '../execution/subgraph-fetch.js';
import type { PartitionTable } from './partition-table.js';
import { compilePartitionedRoot } from './partitioned-root.js';
import { unknownDepartment } from './unknown-department.js';

/** Sends each fetch on the partitioned subgraph to the departments whose rows it is about, and none to a department whose rows it is not about. */
export class PartitionRouter implements FetchRouter {
  readonly #table: PartitionTable;
  readonly #targets = new Map<string, FetchTarget>();

  constructor(table: PartitionTable) {
    this.#table = table;
  }

  root(node: FetchNode): RootRoute {
    const { serviceName: subgraph } = node;
    if (this.#table.isPartitioned(subgraph))
      return compilePartitionedRoot(node, this.#table, (department) => this.target(subgraph, department));
    if (this.#table.isExtension(subgraph)) return directRouter.root(node, this.target(subgraph, subgraph));
    return directRouter.root(node);
  }

  entities(node: FetchNode): EntityRoute {
    const { serviceName: subgraph } = node;
    if (this.#table.isPartitioned(subgraph)) return this.#byRow(subgraph);
    if (this.#table.isExtension(subgraph)) return this.#ownRowsOnly(subgraph);
    return directRouter.entities(node);
  }

  /** One object per target, so that requests can be grouped by it. */
  target(subgraph: string, department: string): FetchTarget {
    const key = `${subgraph}\0${department}`;
    let target = this.#targets.get(key);
    if (target === undefined) {
      target = { subgraph, department };
      this.#targets.set(key, target);
    }
    return target;
  }

  #byRow(subgraph: string): EntityRoute {
    return (representation) => {
      const department = this.#departmentOf(representation);
      if (department === undefined) {
        return new EntityRefusal('UNKNOWN_DEPARTMENT', 'This row does not say which department it belongs to.');
      }
      return this.#table.hasDepartment(department) ? this.target(subgraph, department) : unknownDepartment(department);
    };
  }

  /** An extension knows its own department's rows: of any other row it has nothing to say, and need not be asked. */
  #ownRowsOnly(code: string): EntityRoute {
    const target = this.target(code, code);
    return (representation) => {
      const department = this.#departmentOf(representation);
      return department === undefined || department === code ? target : null;
    };
  }

  #departmentOf(representation: Record<string, unknown>): string | undefined {
    const field = this.#table.typeField(String(readOwn(representation, '__typename')));
    const value = field === undefined ? undefined : readOwn(representation, field);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }
}
