/** The version of the form described here, which every manifest names. */
export const DOSSIER_FORMAT = 1;
export const DOSSIER_TYPE = 'dossier+jws';

/** The files that say what a dossier is; they come last, in this order. */
export const MANIFEST_FILE = 'manifest.json';
export const SEAL_FILE = 'seal.jws';
export const KEYS_FILE = 'keys.json';

export const ENTRY_KINDS = ['CASE', 'TIMELINE', 'APPLICATION', 'DOCUMENT', 'MATERIAL'] as const;

/** One file of a dossier. */
export interface DossierEntry {
  readonly path: string;
  readonly kind: (typeof ENTRY_KINDS)[number];
  readonly title: string;
  readonly size: number;
  readonly sha256: string;
  readonly sm3: string;
}

/** What is in a dossier, file by file, in the order in which they lie in it. */
export interface DossierManifest {
  readonly format: number;
  readonly caseNumber: string;
  readonly departmentCode: string;
  readonly departmentName: string;
  readonly itemCode: string;
  readonly itemName: string;
  readonly acceptedAt: string;
  readonly closedAt: string;
  readonly sealedAt: string;
  /** How many events of the case were known when it was sealed. */
  readonly events: number;
  readonly entries: readonly DossierEntry[];
}

/** What is signed. The manifest has the hashes of everything else, so its own is enough. */
export interface DossierSeal {
  readonly caseNumber: string;
  readonly manifestSha256: string;
  readonly sealedAt: string;
}
