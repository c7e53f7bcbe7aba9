import { operationFromDocument, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { prettyFormatQueryPlan } from '@apollo/query-planner';
import { parse } from 'graphql';
import { ExtensionPlanners } from '../../../gateway/planning/extension-planners.js';
import { composeSupergraph } from '../../../schema/composition/compose.js';
import { ACCEPTANCE, department } from '../../schema/department-fixture.js';

/** What a frontend asks most: a page of cases, each joined with its department and its item. */
export const MAIN_QUERY = '{ cases { number acceptedAt steps { name kind } decision { outcome } item { guide { fee } } } }';
const RUNS = 200;

export interface PlanningFigures {
  readonly departments: number;
  readonly composeMs: number;
  /** Of a planner that has planned before; the median of many plans. */
  readonly planMs: number;
  readonly fetches: number;
  readonly plan: string;
}

/** Plans the main query over so many departments, each with an extension of its own. */
export function planningFigures(count: number, runs = RUNS): PlanningFigures {
  const departments = Array.from({ length: count }, (_, index) => department(`dept-${index}`));
  const composing = performance.now();
  const { sdl } = composeSupergraph({ platform: [ACCEPTANCE], departments });
  const composeMs = performance.now() - composing;
  const supergraph = Supergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
  const codes = new Set(departments.map(({ code }) => code));
  const planners = new ExtensionPlanners(sdl, supergraph.apiSchema().toGraphQLJSSchema(), codes);
  const document = parse(MAIN_QUERY);
  const times: number[] = [];
  let plan = '';
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    const { planner, apiSchema } = planners.for(document);
    const made = planner.buildQueryPlan(operationFromDocument(apiSchema, document));
    times.push(performance.now() - started);
    if (run === 0) plan = prettyFormatQueryPlan(made);
  }
  const planMs = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  return { departments: count, composeMs, planMs, fetches: plan.split('Fetch(').length - 1, plan };
}

/** Prints, for 1, 10, 50 and 200 departments, whether the plan is the same and how long it takes. */
export async function benchPlanning(): Promise<void> {
  console.log(`main query: ${MAIN_QUERY}\n`);
  console.log('departments   compose ms   plan ms (median)   fetches   same plan');
  const first = planningFigures(1);
  for (const count of [1, 10, 50, 200]) {
    const { composeMs, planMs, fetches, plan } = count === 1 ? first : planningFigures(count);
    const cells = [
      String(count).padStart(11),
      composeMs.toFixed(0).padStart(10),
      planMs.toFixed(2).padStart(16),
      String(fetches).padStart(7),
    ];
    console.log(`${cells.join('   ')}   ${plan === first.plan ? 'yes' : 'NO'}`);
  }
}
