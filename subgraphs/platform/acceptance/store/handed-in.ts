import type { MaterialSource } from '../types/enums.js';

/** A material as it was handed in. */
export interface HandedMaterial {
  code: string;
  name: string;
  source: MaterialSource;
  contentHash: string | null;
  url: string | null;
  /** The file that was uploaded for it; rows older than uploads don't say. */
  uploadId?: string | null;
}

/** Something that the guide asks for and that was not handed in. */
export interface Defect {
  materialCode: string | null;
  formField: string | null;
  label: string;
}

/** An entry of the form as it was filled in. */
export interface HandedValue {
  name: string;
  value: string;
}

/** What the guide of an item asks for, as the catalogue tells it. */
export interface AskedMaterial {
  code: string;
  name: string;
  required: boolean;
  electronic: boolean;
  shared: boolean;
}

/** A step of the approval flow, as the catalogue tells it. */
export interface KnownStep {
  code: string;
  name: string;
  kind: string;
  limitDays: number | null;
}

export interface AskedField {
  name: string;
  label: string;
  required: boolean;
}
