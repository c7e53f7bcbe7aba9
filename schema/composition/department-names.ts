const CODE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Whether `code` can be a department's code: lower-case words joined by hyphens, as in `human-resources`. */
export function isDepartmentCode(code: string): boolean {
  return code.length <= 63 && CODE.test(code);
}

/** `human-resources` → `humanResources`: how the fields of a department's extension begin. */
export function fieldPrefix(code: string): string {
  return code.replaceAll(/-([a-z0-9])/g, (_, first: string) => first.toUpperCase());
}

/** `human-resources` → `HumanResources`: how the types of a department's extension begin. */
export function typePrefix(code: string): string {
  const prefix = fieldPrefix(code);
  return prefix.charAt(0).toUpperCase() + prefix.slice(1);
}

/**
 * Whether `name` is the prefix itself or begins with it as a whole word, so that `drug` does not claim `drugstores`.
 * `drug` still claims `drugSafetyReport`, which `drug-safety` may want too; composition refuses whoever comes second.
 */
export function hasPrefix(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && !/^[a-z]/.test(name.slice(prefix.length));
}
