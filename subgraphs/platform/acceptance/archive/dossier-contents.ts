import { Readable } from 'node:stream';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { documentKey, issuedDocument } from '../documents/issued-document.js';
import { ContentHashes, contentHashes } from '../files/content-hashes.js';
import type { Ledger } from '../ledger.js';
import { uploadKey } from '../materials/with-uploads.js';
import { applicationEvents, applicationVersions, notices, refusals } from '../store/application-tables.js';
import { certificates, documents, uploads } from '../store/file-tables.js';
import { type ApplicationRow, applications, type CaseRow, progress } from '../store/tables.js';
import { DOCUMENT_TITLES } from '../types/paper-enums.js';
import type { DossierEntry } from './dossier-format.js';
import type { DossierPart } from './pack-dossier.js';

export interface DossierContent extends DossierPart {
  readonly entry: DossierEntry;
}

/** Everything that a case has led to, as files: what was handed in, every event, every document, every uploaded material. */
export async function dossierContents(ledger: Ledger, row: CaseRow): Promise<{ contents: DossierContent[]; events: number }> {
  const em = ledger.store.fork();
  const application = await em.findOneOrFail(applications, row.applicationId);
  const timeline = await em.find(progress, { caseNumber: row.number }, { orderBy: { ordinal: 'asc' } });
  const contents = [
    data('case.json', 'CASE', '办件', { ...plain(row), certificate: plain(await em.findOne(certificates, { caseNumber: row.number })) }),
    data('timeline.json', 'TIMELINE', '办件进展', timeline.map(plain)),
    data('application.json', 'APPLICATION', '申请', await applicationData(em, application)),
  ];
  const issued = await em.find(
    documents,
    { applicationId: application.id },
    { orderBy: { createdAt: 'asc', kind: 'asc', ordinal: 'asc' } },
  );
  for (const [index, document] of issued.entries()) {
    const drawn = await issuedDocument(ledger, document);
    const title = DOCUMENT_TITLES[document.kind];
    const path = `documents/${String(index + 1).padStart(2, '0')}-${document.kind.toLowerCase()}.pdf`;
    contents.push(await stored(ledger, path, 'DOCUMENT', title, documentKey(drawn)));
  }
  for (const upload of await em.find(
    uploads,
    { applicationId: application.id, state: 'STORED' },
    { orderBy: { createdAt: 'asc', id: 'asc' } },
  )) {
    const extension = /\.[A-Za-z0-9]{1,8}$/.exec(upload.fileName)?.[0] ?? '';
    contents.push(await stored(ledger, `materials/${upload.id}${extension}`, 'MATERIAL', upload.fileName, uploadKey(upload)));
  }
  return { contents, events: timeline.length };
}

async function applicationData(em: SqlEntityManager, application: ApplicationRow): Promise<object> {
  const of = { applicationId: application.id };
  const inOrder = { orderBy: { ordinal: 'asc' } } as const;
  return {
    ...plain(application),
    history: (await em.find(applicationEvents, of, inOrder)).map(plain),
    notices: (await em.find(notices, of, inOrder)).map(plain),
    earlierVersions: (await em.find(applicationVersions, of, inOrder)).map(plain),
    refusal: plain(await em.findOne(refusals, of)),
  };
}

function data(path: string, kind: DossierEntry['kind'], title: string, value: unknown): DossierContent {
  const content = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return {
    path,
    size: content.byteLength,
    open: async () => Readable.from([content]),
    entry: { path, kind, title, ...contentHashes(content) },
  };
}

async function stored(ledger: Ledger, path: string, kind: DossierEntry['kind'], title: string, key: string): Promise<DossierContent> {
  const hashes = new ContentHashes();
  for await (const chunk of await ledger.files.read(key)) hashes.update(chunk as Uint8Array);
  const entry = { path, kind, title, ...hashes.digest() };
  return { path, size: entry.size, open: () => ledger.files.read(key), entry };
}

/** A row without what the mapper hangs on it. */
function plain(row: object | null): Record<string, unknown> | null {
  return row === null ? null : (JSON.parse(JSON.stringify(row)) as Record<string, unknown>);
}
