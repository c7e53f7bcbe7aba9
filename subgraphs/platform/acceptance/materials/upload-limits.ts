/** Bytes of one file. A scanned plan of many pages is below. */
export const LARGEST_FILE = 50 * 1024 * 1024;

/**
 * The kinds of files that are taken, and what their first bytes must show. What a client says a file is decides nothing:
 * the bytes do. Office documents are ZIP containers and OFD (GB/T 33190) is one too.
 */
export const ACCEPTED_MEDIA_TYPES: Readonly<Record<string, readonly string[]>> = {
  'application/pdf': ['application/pdf'],
  'image/png': ['image/png'],
  'image/jpeg': ['image/jpeg'],
  'application/ofd': ['application/zip', 'application/ofd'],
  'application/zip': ['application/zip'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': [
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': [
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
};
