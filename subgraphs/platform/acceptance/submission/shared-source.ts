import type { AskedMaterial, HandedMaterial } from '../store/handed-in.js';

/** What is asked of a shared source. It is asked by the platform, on behalf of an applicant. */
export interface SharedMaterialRequest {
  readonly departmentCode: string;
  readonly itemCode: string;
  readonly materialCode: string;
  readonly applicantIdNumber: string;
}

/**
 * Where the platform gets what other bodies share (数据共享, 电子证照库). Null: it has nothing of this applicant's, or does
 * not answer, and the department looks itself. Must settle by itself within a few seconds.
 */
export type SharedSource = (request: SharedMaterialRequest) => Promise<{ contentHash: string | null; url: string | null } | null>;

/** Without a source configured: the material is entered as shared, and the department reads it where it is. */
export const NO_SHARED_SOURCE: SharedSource = async () => null;

/** Adds what the guide says is shared (Art. 19), so that nobody is asked for it and everybody sees that it belongs to the application. */
export async function withSharedMaterials(
  handed: readonly HandedMaterial[],
  asked: readonly AskedMaterial[],
  source: SharedSource,
  applicant: Omit<SharedMaterialRequest, 'materialCode'>,
): Promise<HandedMaterial[]> {
  const there = new Set(handed.map(({ code }) => code));
  const shared = await Promise.all(
    asked
      .filter(({ code, shared }) => shared && !there.has(code))
      .map(async ({ code, name }): Promise<HandedMaterial> => {
        const found = await source({ ...applicant, materialCode: code }).catch(() => null);
        return { code, name, source: 'SHARED', contentHash: found?.contentHash ?? null, url: found?.url ?? null };
      }),
  );
  return [...handed, ...shared];
}
