import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql';
import { requireRole } from '../../../kit/identity/caller.js';
import { departmentPublication, platformPublication } from '../registration-input.js';
import {
  RegisterDepartmentInput,
  RegisterDepartmentPayload,
  RegisterPlatformInput,
  RegisterPlatformPayload,
} from '../registration-types.js';
import type { RegistryContext } from '../registry-context.js';

@Resolver()
export class RegistrationResolver {
  @Directive('@inaccessible')
  @Mutation(() => RegisterDepartmentPayload, {
    description:
      '部门接入或更新;不符合契约或无法合成时拒绝,且一切不变。A department joins or publishes anew. Refused, with nothing changed, when it breaks the contract or does not compose.',
  })
  async registerDepartment(
    @Arg('input', () => RegisterDepartmentInput) input: RegisterDepartmentInput,
    @Ctx() { caller, registrar }: RegistryContext,
  ): Promise<RegisterDepartmentPayload> {
    requireRole(caller, `department:${input.code}`, 'admin');
    const supergraphVersion = await registrar.register(departmentPublication(input), caller.subject);
    return { departmentCode: input.code, supergraphVersion };
  }

  @Directive('@inaccessible')
  @Mutation(() => RegisterPlatformPayload, {
    description: '平台子图接入或更新。A subgraph of the platform joins or publishes anew, under the same promises.',
  })
  async registerPlatform(
    @Arg('input', () => RegisterPlatformInput) input: RegisterPlatformInput,
    @Ctx() { caller, registrar }: RegistryContext,
  ): Promise<RegisterPlatformPayload> {
    requireRole(caller, 'platform');
    const supergraphVersion = await registrar.register(platformPublication(input), caller.subject);
    return { name: input.name, supergraphVersion };
  }
}
