import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { EntityFetchMerger } from './entity-fetch-merger.js';
import { errorsOf, malformedError, reportedError } from './errors.js';
import { EntityRefusal, type FetchRouter } from './fetch-route.js';
import { pickVariables } from './fetch-variables.js';
import type { Locator } from './locator.js';
import { copyJson, merge } from './merge.js';
import { isObject, type JsonObject, readOwn } from './own-property.js';
import { type Path, type Place, placesAt } from './places.js';
import { compileRecognizer, compileRepresenter } from './representation.js';
import { compileRewrites } from './rewrites.js';
import type { Run } from './run.js';
import type { Step } from './step.js';
import type { FetchTarget, SubgraphError, SubgraphFetch, SubgraphResponse } from './subgraph-fetch.js';

/** One distinct representation, and the objects at the path that it stands for. */
interface Question {
  readonly representation: JsonObject;
  readonly objects: JsonObject[];
}

/**
 * A fetch through `_entities` for every object at `path`: each distinct representation is asked once, each target gets
 * one request, all at the same time, and answers go back to every object they were asked for.
 * `merger` is there when the plan has other fetches that may go along with it.
 * `shareAnswers` says whether several objects may hold parts of the same answer.
 */
export function compileEntityFetch(
  node: FetchNode,
  path: ResponsePath,
  router: FetchRouter,
  schema: GraphQLSchema,
  locator: Locator,
  shareAnswers: boolean,
  merger: EntityFetchMerger | undefined,
): Step {
  const represent = compileRepresenter(node.requires ?? [], schema);
  const recognize = compileRecognizer(node.requires ?? [], schema);
  const rewriteInput = compileRewrites(node.inputRewrites, schema);
  const rewriteOutput = compileRewrites(node.outputRewrites, schema);
  const route = router.entities(node);
  const usages = node.variableUsages ?? [];

  function questionsOf(objects: readonly JsonObject[]): Question[] {
    const questions = new Map<string, Question>();
    for (const object of objects) {
      const recognized = rewriteInput === undefined ? recognize(object) : undefined;
      const asked = typeof recognized === 'string' ? questions.get(recognized) : undefined;
      if (asked !== undefined) {
        asked.objects.push(object);
        continue;
      }
      const representation = represent(object);
      if (representation === null || !readOwn(representation, '__typename')) continue;
      let key = '';
      if (rewriteInput !== undefined) {
        // a rewrite may give objects of several types one `__typename`; their answers stay apart
        key = String(readOwn(object, '__typename'));
        rewriteInput(representation);
      }
      key = recognized ?? key + JSON.stringify(representation);
      const known = questions.get(key);
      if (known === undefined) questions.set(key, { representation, objects: [object] });
      else known.objects.push(object);
    }
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

  async function ask(run: Run, target: FetchTarget, questions: readonly Question[]): Promise<void> {
    let places: readonly Place[] | undefined;
    const placesOf = ({ objects }: Question): Path[] => {
      places ??= placesAt(run.data, path);
      return places.flatMap((place) => (objects.includes(place.object) ? [place.path] : []));
    };
    const firstPlace = (): Path => (questions[0] && placesOf(questions[0])[0]) ?? [];

    const send = merger && ((fetch: SubgraphFetch) => merger.send(run, fetch));
    const response = await run.ask(fetchFor(run, target, questions), firstPlace, send);
    if (response === undefined) return;
    for (const error of errorsOf(response)) reportAt(run, target, error, questions, placesOf);
    const entities = answersOf(response);
    if (entities === undefined) return;
    if (entities === null || entities.length !== questions.length) {
      run.errors.push(malformedError(target, `\`_entities\` should be a list of ${questions.length}`, firstPlace()));
      return;
    }
    for (let index = 0; index < questions.length; index++) take(run, entities[index], questions[index] as Question);
    locator.changed(run);
  }

  function take(run: Run, answer: unknown, { objects }: Question): void {
    const [first] = objects;
    if (!isObject(answer) || first === undefined) return;
    if (!readOwn(answer, '__typename')) answer['__typename'] = readOwn(first, '__typename');
    rewriteOutput?.(answer);
    if (objects.length > 1 && shareAnswers) run.shares = true;
    // merging takes the answer's parts over, so where they are not shared the others get theirs before the first
    for (let index = objects.length - 1; index > 0; index--) merge(objects[index] as JsonObject, shareAnswers ? answer : copyJson(answer));
    merge(first, answer);
  }

  return async (run) => {
    const groups = new Map<FetchTarget, Question[]>();
    let refused: Array<{ question: Question; refusal: EntityRefusal }> | undefined;
    for (const question of questionsOf(locator.objects(run))) {
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
    await Promise.all(Array.from(groups, ([target, questions]) => ask(run, target, questions)));
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
  placesOf: (question: Question) => Path[],
): void {
  const { path } = error;
  if (path === undefined) {
    run.errors.push(reportedError(error, target, undefined));
    return;
  }
  const [, index, ...within] = path;
  const question = typeof index === 'number' ? questions[index] : undefined;
  if (question === undefined) run.errors.push(reportedError(error, target, (questions[0] && placesOf(questions[0])[0]) ?? []));
  else for (const place of placesOf(question)) run.errors.push(reportedError(error, target, [...place, ...within]));
}

function reportRefused(run: Run, refused: ReadonlyArray<{ question: Question; refusal: EntityRefusal }>, places: readonly Place[]): void {
  for (const { question, refusal } of refused) {
    for (const { object, path } of places) {
      if (!question.objects.includes(object)) continue;
      run.reportOnce(new GraphQLError(refusal.message, { path, extensions: { code: refusal.code, ...refusal.extensions } }));
    }
  }
}
