import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { EntityFetchMerger } from './entity-fetch-merger.js';
import { errorsOf, malformedError, reportedError } from './errors.js';
import { EntityRefusal, type FetchRouter } from './fetch-route.js';
import { pickVariables } from './fetch-variables.js';
import { copyJson, merge } from './merge.js';
import { isObject, type JsonObject, readOwn } from './own-property.js';
import { objectsAt, type Path, placesAt } from './places.js';
import { compileRepresenter } from './representation.js';
import { compileRewrites } from './rewrites.js';
import type { Run } from './run.js';
import type { Step } from './step.js';
import type { FetchTarget, SubgraphError, SubgraphFetch, SubgraphResponse } from './subgraph-fetch.js';

/** One distinct representation, and which of the objects at the path it stands for. */
interface Question {
  readonly representation: JsonObject;
  readonly objects: number[];
}

/**
 * A fetch through `_entities` for every object at `path`: each distinct representation is asked once, each target gets
 * one request, all at the same time, and answers go back to every object they were asked for.
 * `merger` is there when the plan has other fetches that may go along with it.
 * `sharesAnswers` says that nothing later in the plan writes into an answer, so that several objects may hold the same one.
 */
export function compileEntityFetch(
  node: FetchNode,
  path: ResponsePath,
  router: FetchRouter,
  schema: GraphQLSchema,
  sharesAnswers: boolean,
  merger: EntityFetchMerger | undefined,
): Step {
  const represent = compileRepresenter(node.requires ?? [], schema);
  const rewriteInput = compileRewrites(node.inputRewrites, schema);
  const rewriteOutput = compileRewrites(node.outputRewrites, schema);
  const route = router.entities(node);
  const usages = node.variableUsages ?? [];

  function questionsOf(objects: readonly JsonObject[]): Question[] {
    const questions = new Map<string, Question>();
    objects.forEach((object, index) => {
      const representation = represent(object);
      if (representation === null || !readOwn(representation, '__typename')) return;
      let key = '';
      if (rewriteInput !== undefined) {
        // a rewrite may give objects of several types one `__typename`; their answers stay apart
        key = String(readOwn(object, '__typename'));
        rewriteInput(representation);
      }
      key += JSON.stringify(representation);
      const known = questions.get(key);
      if (known === undefined) questions.set(key, { representation, objects: [index] });
      else known.objects.push(index);
    });
    return [...questions.values()];
  }

  function fetchFor(run: Run, target: FetchTarget, questions: readonly Question[]): SubgraphFetch {
    return {
      target,
      query: node.operation,
      kind: 'query',
      ...(node.operationName !== undefined && { operationName: node.operationName }),
      variables: { ...pickVariables(usages, run.variables), representations: questions.map((question) => question.representation) },
    };
  }

  async function ask(run: Run, target: FetchTarget, questions: readonly Question[], objects: readonly JsonObject[]): Promise<void> {
    let places: Path[] | undefined;
    const place = (object: number | undefined): Path => (places ??= placesAt(run.data, path))[object ?? 0] ?? [];
    const firstPlace = () => place(questions[0]?.objects[0]);

    const send = merger && ((fetch: SubgraphFetch) => merger.send(run, fetch));
    const response = await run.ask(fetchFor(run, target, questions), firstPlace, send);
    if (response === undefined) return;
    for (const error of errorsOf(response)) reportAt(run, target, error, questions, place);
    const entities = answersOf(response);
    if (entities === undefined) return;
    if (entities === null || entities.length !== questions.length) {
      run.errors.push(malformedError(target, `\`_entities\` should be a list of ${questions.length}`, firstPlace()));
      return;
    }
    questions.forEach((question, index) => take(entities[index], question, objects));
  }

  function take(answer: unknown, question: Question, objects: readonly JsonObject[]): void {
    if (!isObject(answer)) return;
    const [first, ...others] = question.objects.map((index) => objects[index] as JsonObject);
    if (first === undefined) return;
    if (!readOwn(answer, '__typename')) answer['__typename'] = readOwn(first, '__typename');
    rewriteOutput?.(answer);
    // merging takes the answer's parts over, so the others get theirs before the first
    for (const object of others) merge(object, sharesAnswers ? answer : copyJson(answer));
    merge(first, answer);
  }

  return async (run) => {
    const objects = objectsAt(run.data, path);
    const groups = new Map<FetchTarget, Question[]>();
    let refused: Array<{ question: Question; refusal: EntityRefusal }> | undefined;
    for (const question of questionsOf(objects)) {
      const target = route(question.representation);
      if (target === null) continue;
      if (target instanceof EntityRefusal) {
        (refused ??= []).push({ question, refusal: target });
        continue;
      }
      const group = groups.get(target);
      if (group === undefined) groups.set(target, [question]);
      else group.push(question);
    }
    if (refused !== undefined) reportRefused(run, refused, placesAt(run.data, path));
    await Promise.all(Array.from(groups, ([target, questions]) => ask(run, target, questions, objects)));
  };
}

/** The list of entities; undefined when the whole answer is null, null when it is not a list. */
function answersOf({ data }: SubgraphResponse): unknown[] | null | undefined {
  if (data === undefined || data === null) return undefined;
  const entities = isObject(data) ? readOwn(data, '_entities') : undefined;
  return Array.isArray(entities) ? entities : null;
}

/** A representation asked once for several objects failed for each of them, so each place has its error. */
function reportAt(
  run: Run,
  target: FetchTarget,
  error: SubgraphError,
  questions: readonly Question[],
  place: (object: number | undefined) => Path,
): void {
  const { path } = error;
  if (path === undefined) {
    run.errors.push(reportedError(error, target, undefined));
    return;
  }
  const [, index, ...within] = path;
  const question = typeof index === 'number' ? questions[index] : undefined;
  if (question === undefined) run.errors.push(reportedError(error, target, place(questions[0]?.objects[0])));
  else for (const object of question.objects) run.errors.push(reportedError(error, target, [...place(object), ...within]));
}

function reportRefused(run: Run, refused: ReadonlyArray<{ question: Question; refusal: EntityRefusal }>, places: readonly Path[]): void {
  for (const { question, refusal } of refused) {
    for (const object of question.objects) {
      const error = new GraphQLError(refusal.message, {
        path: places[object] ?? [],
        extensions: { code: refusal.code, ...refusal.extensions },
      });
      run.reportOnce(error);
    }
  }
}
