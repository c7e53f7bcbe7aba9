import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { hasRole } from '../../identity/caller.js';
import type { DepartmentContext } from '../department-context.js';
import { Case } from '../types/case.js';
import { CaseStep, LimitExtension, SpecialProcedure } from '../types/case-steps.js';
import { Certificate, Decision, Delivery } from '../types/decision.js';

@Resolver(() => Case)
export class CaseResolver {
  @FieldResolver(() => [CaseStep], { nullable: true, description: '已开始的环节。The steps begun, oldest first.' })
  steps(@Root() { number }: CaseKey, @Ctx() { loaders }: DepartmentContext) {
    return loaders.steps.load(number);
  }

  @FieldResolver(() => [SpecialProcedure], {
    nullable: true,
    description: '特别程序,其时间不计入时限。Special procedures, whose time is excluded from the limit.',
  })
  specialProcedures(@Root() { number }: CaseKey, @Ctx() { loaders }: DepartmentContext) {
    return loaders.procedures.load(number);
  }

  @FieldResolver(() => LimitExtension, { nullable: true, description: '延长期限。The extension of the limit, at most one.' })
  extension(@Root() { number }: CaseKey, @Ctx() { loaders }: DepartmentContext) {
    return loaders.extensions.load(number);
  }

  @FieldResolver(() => Decision, { nullable: true, description: '决定。The decision.' })
  decision(@Root() { number }: CaseKey, @Ctx() { loaders }: DepartmentContext) {
    return loaders.decisions.load(number);
  }

  @FieldResolver(() => Delivery, { nullable: true, description: '送达。The delivery of the result.' })
  delivery(@Root() { number }: CaseKey, @Ctx() { loaders }: DepartmentContext) {
    return loaders.deliveries.load(number);
  }
}

@Resolver(() => Decision)
export class DecisionResolver {
  /** An event tells of a decision as it was made, before any certificate. */
  @FieldResolver(() => Certificate, { nullable: true })
  certificate(@Root() { caseNumber }: OfCase, @Ctx() { loaders }: DepartmentContext) {
    return caseNumber === undefined ? null : loaders.certificates.load(caseNumber);
  }
}

/** Rows name their case, events' details don't. */
interface OfCase {
  caseNumber?: string;
}

/** Whom the ledger shows cases of more than one department, or their own. */
const READERS = ['applicant', 'window', 'monitor', 'centre', 'bureau', 'platform'] as const;

interface CaseKey {
  number: string;
  departmentCode: string;
}

/**
 * A case of this department. Rows are reached through the ledger, which guards them one by one; an officer of another
 * department and an administrator have no business with any, whatever key they bring.
 */
export async function resolveCase({ number, departmentCode }: CaseKey, context: DepartmentContext): Promise<Case | null> {
  const { caller, department } = context;
  if (departmentCode !== department.code || !hasRole(caller, `department:${department.code}`, ...READERS)) return null;
  const found = await context.loaders.cases.load(number);
  return found === null ? null : { number, departmentCode, receivedAt: found.receivedAt };
}
