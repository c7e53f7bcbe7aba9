import type { FetchNode } from '@apollo/query-planner';
import { GraphQLError, Kind, OperationTypeNode, type ValueNode } from 'graphql';
import { wholeFetch } from '../execution/direct-route.js';
import type { RootDispatch, RootRequest, RootRoute } from '../execution/fetch-route.js';
import { pickVariables } from '../execution/fetch-variables.js';
import { type JsonObject, readOwn } from '../execution/own-property.js';
import { isAsked, parseFetch, type RootField } from '../execution/root-fields.js';
import type { Run } from '../execution/run.js';
import type { FetchTarget } from '../execution/subgraph-fetch.js';
import type { PartitionTable, RootPartition } from './partition-table.js';
import { OperationSplitter } from './split-operation.js';
import { unknownDepartment } from './unknown-department.js';

/** Root fields that one department answers in one request. */
interface Share {
  readonly target: FetchTarget;
  readonly fields: RootField[];
}

/**
 * Shares out a fetch's root fields by the department each one's argument names. Queries go to every department at the
 * same time. Mutations keep their order whatever department they go to, because clients may rely on it across
 * departments (GraphQL spec 6.2.2): neighbours of one department share a request, so A, A, B is two requests one after
 * the other, and A, B, A is three.
 */
export function compilePartitionedRoot(node: FetchNode, table: PartitionTable, targetOf: (department: string) => FetchTarget): RootRoute {
  const parsed = parseFetch(node.operation);
  const splitter = new OperationSplitter(parsed);
  const kind = node.operationKind;

  function requestFor(run: Run, { target, fields }: Share, whole: boolean): RootRequest {
    const firstField = () => fields[0]?.responseName ?? '';
    if (whole) return { fetch: wholeFetch(node, target, run), firstField };
    const { query, variables } = splitter.write(fields);
    const fetch = {
      target,
      query,
      kind,
      ...(node.operationName !== undefined && { operationName: node.operationName }),
      ...(variables.length > 0 && { variables: pickVariables(variables, run.variables) }),
    };
    return { fetch, firstField };
  }

  return (run): RootDispatch => {
    const refused: GraphQLError[] = [];
    const shares: Share[] = [];
    let asked = 0;
    for (const field of parsed.fields) {
      // every root type's name is known here
      if (field.node.name.value === '__typename' || !isAsked(field, run.coerced)) continue;
      const department = departmentOf(field, table.rootArgument(kind, field.node.name.value), run.coerced);
      if (department instanceof GraphQLError) refused.push(department);
      else if (!table.hasDepartment(department)) refused.push(refusedUnknown(field, department));
      else {
        asked++;
        addTo(shares, targetOf(department), field, kind === OperationTypeNode.MUTATION);
      }
    }
    const whole = shares.length === 1 && asked === parsed.fields.length;
    const requests = shares.map((share) => requestFor(run, share, whole));
    return { refused, stages: kind === OperationTypeNode.MUTATION ? requests.map((request) => [request]) : [requests] };
  };
}

function addTo(shares: Share[], target: FetchTarget, field: RootField, inOrder: boolean): void {
  const share = inOrder ? shares.at(-1) : shares.find((candidate) => candidate.target === target);
  if (share?.target === target) share.fields.push(field);
  else shares.push({ target, fields: [field] });
}

function departmentOf(field: RootField, partition: RootPartition | undefined, variables: Readonly<JsonObject>): string | GraphQLError {
  const name = field.node.name.value;
  if (partition === undefined) return refusal(field, 'UNKNOWN_DEPARTMENT', `Nothing says which department answers "${name}".`);
  const node = field.node.arguments?.find((argument) => argument.name.value === partition.argument)?.value;
  const given = node === undefined ? undefined : valueOf(node, variables);
  const value = given === undefined ? partition.defaultValue : given;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return refusal(field, 'BAD_USER_INPUT', `Argument "${partition.argument}" of "${name}" must name the department that answers.`);
}

function valueOf(node: ValueNode, variables: Readonly<JsonObject>): unknown {
  if (node.kind === Kind.VARIABLE) return readOwn(variables, node.name.value);
  return node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.ENUM ? node.value : null;
}

function refusedUnknown(field: RootField, department: string): GraphQLError {
  const { code, message, extensions } = unknownDepartment(department);
  return refusal(field, code, message, extensions);
}

const refusal = (field: RootField, code: string, message: string, extensions: Readonly<JsonObject> = {}): GraphQLError =>
  new GraphQLError(message, { path: [field.responseName], extensions: { code, ...extensions } });
