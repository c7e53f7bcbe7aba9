/** What a scanner says of a file. */
export type ScanVerdict = { readonly clean: true } | { readonly clean: false; readonly threat: string };

/**
 * The hook for a virus scanner (ICAP, clamd, …): looks at a complete file in the scratch directory before anybody can
 * read it. Throwing means that it could not say, and then the file is not taken. Without a scanner everything passes, and
 * the record says that nobody looked.
 */
export type VirusScan = (file: { readonly path: string; readonly mediaType: string; readonly size: number }) => Promise<ScanVerdict>;
