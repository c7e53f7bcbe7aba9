import { z } from 'zod';
import { ServiceItemKind, ServiceItemState } from '../../kit/department/types/item-enums.js';

/** Characters of the reason kept and shown. */
const REASON_LIMIT = 1000;
const ITEMS_LIMIT = 5_000;

const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => value.trim() !== '', 'is blank')
    .refine((value) => value.isWellFormed(), 'is no well-formed text');
const texts = z.array(text(4_000)).min(1, 'is empty');
const distinct = (field: string) => (rows: Record<string, unknown>[]) => new Set(rows.map((row) => row[field])).size === rows.length;

const material = z.object({ code: text(64), name: text(300), required: z.boolean(), electronic: z.boolean(), shared: z.boolean() });
/** How the item is handled (Art. 12). A department that gives none is not refused for it: supervision tells of it. */
const step = z.object({ code: text(64), name: text(300), kind: text(32), limitDays: z.int32().min(0).nullish() });
const reviewRule = z.object({ version: z.int32().min(1) });
const formField = z.object({ name: text(64), label: text(300), required: z.boolean() });

/** The guide with every part that the regulation demands (Art. 11). What its form asks is no part of it, and may be nothing. */
const guide = z
  .object({
    version: z.int32().min(1),
    itemName: text(300),
    implementingBody: text(300),
    legalBasis: texts,
    conditions: texts,
    materials: z.array(material).min(1, 'is empty').refine(distinct('code'), 'has the same code twice'),
    formFields: z.array(formField).refine(distinct('name'), 'has the same name twice'),
    commonErrors: texts,
    fee: text(4_000),
    process: texts,
    statutoryDays: z.int32().min(1, 'must be at least one working day'),
    promisedDays: z.int32().min(0, 'must not be negative; 0 is the same day'),
    resultName: text(300),
    consultation: texts,
  })
  .refine(({ promisedDays, statutoryDays }) => promisedDays <= statutoryDays, 'the promised limit is longer than the statutory one');

const declaredItem = z.object({
  code: z.string().regex(/^[0-9A-Za-z](?:[0-9A-Za-z._-]{0,63})$/, 'must be 1 to 64 letters, digits, dots, hyphens or underscores'),
  departmentCode: z.string(),
  name: text(300),
  kind: z.enum(ServiceItemKind),
  state: z.enum(ServiceItemState),
  guide,
  approvalFlow: z.array(step).max(100).nullish(),
  reviewRules: z.array(reviewRule).nullish(),
});
export type DeclaredItem = z.infer<typeof declaredItem>;

/** What of a guide goes with every item event. */
export interface ItemContent {
  materials: z.infer<typeof material>[];
  formFields: z.infer<typeof formField>[];
  /** The approval flow; left out of what was declared before it was asked for. */
  steps?: { code: string; name: string; kind: string; limitDays: number | null }[];
  /** Of the review rules in force; null when the item has none. */
  reviewRuleVersion?: number | null;
}

/** Why one declared item is not taken. */
export interface DeclarationProblem {
  readonly itemCode: string | null;
  readonly itemName: string | null;
  readonly reason: string;
}

/** What a department declares, sorted into what can be used and what can't. */
export interface Declaration {
  readonly items: ReadonlyMap<string, DeclaredItem>;
  readonly problems: readonly DeclarationProblem[];
  /** Codes that were declared, usably or not: none of these has been withdrawn. */
  readonly declared: ReadonlySet<string>;
}

/** The department answered something that is no declaration at all. */
export class DeclarationUnreadable extends Error {
  override readonly name = 'DeclarationUnreadable';
}

/**
 * Reads a department's answer. One bad item costs only itself.
 * @throws DeclarationUnreadable when it is no list, or one beyond all reason.
 */
export function readDeclaration(departmentCode: string, answer: unknown): Declaration {
  if (!Array.isArray(answer)) throw new DeclarationUnreadable('its items are no list');
  if (answer.length > ITEMS_LIMIT) throw new DeclarationUnreadable(`it declares ${answer.length} items; ${ITEMS_LIMIT} is the most`);
  const items = new Map<string, DeclaredItem>();
  const declared = new Set<string>();
  const problems: DeclarationProblem[] = [];
  /** Codes without their case, which is how a directory on MySQL compares them. */
  const codes = new Map<string, string>();
  for (const one of answer as unknown[]) {
    const { code, name } = labels(one);
    const refuse = (reason: string) => problems.push({ itemCode: code, itemName: name, reason: reason.slice(0, REASON_LIMIT) });
    const parsed = declaredItem.safeParse(one);
    const twin = code === null ? undefined : codes.get(code.toLowerCase());
    if (code !== null) {
      declared.add(code);
      if (twin === undefined) codes.set(code.toLowerCase(), code);
    }
    if (!parsed.success) refuse(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
    else if (parsed.data.departmentCode !== departmentCode) refuse(`departmentCode: the item is another department's`);
    else if (twin !== undefined) refuse(twin === code ? 'code: the same code twice' : `code: differs from ${twin} in case only`);
    else items.set(parsed.data.code, parsed.data);
  }
  return { items, problems, declared };
}

/** The same without items that a directory which has `codes` already could not tell from others there. */
export function withoutTwins(codes: Iterable<string>, { items, problems, declared }: Declaration): Declaration {
  const had = new Map([...codes].map((code) => [code.toLowerCase(), code]));
  const fresh = new Map(items);
  const twins: DeclarationProblem[] = [];
  for (const { code, name } of items.values()) {
    const other = had.get(code.toLowerCase());
    if (other === undefined || other === code) continue;
    fresh.delete(code);
    twins.push({ itemCode: code, itemName: name, reason: `code: differs from ${other}, which the catalogue has, in case only` });
  }
  return { items: fresh, problems: [...problems, ...twins], declared };
}

/** How a problem names its item, whatever else is wrong with it. */
function labels(one: unknown): { code: string | null; name: string | null } {
  const { code, name } = (typeof one === 'object' && one !== null ? one : {}) as { code?: unknown; name?: unknown };
  return {
    code: typeof code === 'string' ? code.slice(0, 64) : null,
    name: typeof name === 'string' ? name.slice(0, 300) : null,
  };
}
