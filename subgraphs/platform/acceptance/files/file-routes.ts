import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../../kit/errors/catalogue.js';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { loggableError } from '../../../kit/errors/loggable-error.js';
import type { InternalTokenVerifier } from '../../../kit/identity/internal-tokens.js';
import { seesPersonalData } from '../access/personal-data.js';
import { verifyCertificate } from '../certificates/verify-certificate.js';
import { documentKey, issuedDocument } from '../documents/issued-document.js';
import type { Ledger } from '../ledger.js';
import { receiveUpload } from '../materials/receive-upload.js';
import { LARGEST_FILE } from '../materials/upload-limits.js';
import { uploadKey } from '../materials/with-uploads.js';
import { documents, dossiers, uploads } from '../store/file-tables.js';
import { applications } from '../store/tables.js';
import { DOCUMENT_TITLES } from '../types/paper-enums.js';
import type { LinkMethod } from './file-links.js';
import { verificationPage } from './verification-page.js';

const STATUS: Partial<Record<ErrorCode, number>> = {
  LINK_INVALID: 403,
  FORBIDDEN: 403,
  UPLOAD_NOT_FOUND: 404,
  NOT_FOUND: 404,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UPLOAD_REJECTED: 422,
};

/** What files are reached by: links that the graph gives out, and the public verification of documents and certificates. */
export function fileRoutes(ledger: Ledger, verifier: InternalTokenVerifier, audience: string) {
  const { links, files, store, log } = ledger;
  const byLink = (method: LinkMethod, request: FastifyRequest): void => {
    const [path = ''] = request.url.split('?');
    if (!links.holds(method, decodeURI(path), request.query as Record<string, unknown>))
      throw new CataloguedError('LINK_INVALID', 'this link has expired, or was never given out; ask the graph for a new one');
  };

  return async (app: FastifyInstance): Promise<void> => {
    app.setErrorHandler((error, request, reply) => {
      // what is still on its way is not waited for
      if (!request.raw.complete) reply.header('connection', 'close');
      const code = error instanceof CataloguedError ? error.code : codeOf(error as { statusCode?: number });
      if (code === 'INTERNAL_SERVER_ERROR') log.error({ err: loggableError(error) }, 'unexpected error');
      const message = error instanceof CataloguedError ? error.message : 'it did not work';
      const more = error instanceof CataloguedError ? error.extensions : { code };
      reply.status(STATUS[code] ?? 500).send({ error: { message, ...more } });
    });
    // links carry their own authority and no cookie does, so pages of any origin may use them
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('access-control-allow-origin', '*').header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    });
    app.options('/uploads/:id', async (_request, reply) =>
      reply
        .header('access-control-allow-methods', 'PUT')
        .header('access-control-allow-headers', 'content-type')
        .header('access-control-max-age', '600')
        .status(204)
        .send(),
    );
    // bodies are streamed, whatever they are
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request: FastifyRequest, payload: Readable, done: (error: null, body: Readable) => void) =>
      done(null, payload),
    );

    // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- this is Fastify, which waits for its handlers
    app.put<{ Params: { id: string } }>('/uploads/:id', { bodyLimit: LARGEST_FILE + 1 }, async (request) => {
      byLink('PUT', request);
      const { id, size, sha256, sm3, scanned } = await receiveUpload(ledger, request.params.id, request.raw);
      return { id, size, sha256, sm3, scanned };
    });

    app.get<{ Params: { id: string } }>('/materials/:id', async (request, reply) => {
      const upload = await store.fork().findOne(uploads, request.params.id);
      if (request.headers.authorization === undefined) byLink('GET', request);
      else {
        // a department's system fetches what came with its case, with the token it has for calls to the ledger
        const caller = await verifier.verify(request.headers.authorization, audience);
        const application = upload?.applicationId == null ? null : await store.fork().findOne(applications, upload.applicationId);
        if (application === null || !seesPersonalData(caller, application)) throw new CataloguedError('NOT_FOUND', 'no such material');
      }
      if (upload?.state !== 'STORED') throw new CataloguedError('NOT_FOUND', 'no such material');
      return sendFile(reply, await files.read(uploadKey(upload)), upload.mediaType, upload.size, upload.fileName);
    });

    app.get<{ Params: { file: string } }>('/documents/:file', async (request, reply) => {
      byLink('GET', request);
      const row = await store.fork().findOne(documents, request.params.file.replace(/\.pdf$/, ''));
      if (row === null) throw new CataloguedError('NOT_FOUND', 'no such document');
      const issued = await issuedDocument(ledger, row);
      const { size, kind, caseNumber } = issued;
      const name = `${DOCUMENT_TITLES[kind]}${caseNumber ?? ''}.pdf`;
      return sendFile(reply, await files.read(documentKey(issued)), 'application/pdf', size ?? undefined, name, 'inline');
    });

    app.get<{ Params: { id: string } }>('/documents/:id/verification', async (request, reply) => {
      const row = await store.fork().findOne(documents, request.params.id);
      if (row === null) throw new CataloguedError('NOT_FOUND', 'no such document');
      const { kind, caseNumber, departmentCode, createdAt, sha256, sm3 } = await issuedDocument(ledger, row);
      return verificationPage(request, reply, '文书核验 Document', {
        kind,
        title: DOCUMENT_TITLES[kind],
        caseNumber: caseNumber ?? null,
        departmentCode,
        issuedAt: createdAt.toISOString(),
        sha256,
        sm3,
      });
    });

    app.get<{ Params: { number: string } }>('/certificates/:number', async (request, reply) => {
      const { number, state, claims, documentSha256, signed } = await verifyCertificate(ledger, request.params.number);
      if (state === 'UNKNOWN') reply.status(404);
      return verificationPage(request, reply, '证照核验 Certificate', { number, state, ...claims, documentSha256, signed });
    });

    app.get('/certificate-keys', async () => ledger.certificateSeal.publicKeys);

    app.get<{ Params: { file: string } }>('/dossiers/:file', async (request, reply) => {
      byLink('GET', request);
      const dossier = await store.fork().findOne(dossiers, request.params.file.replace(/\.zip$/, ''));
      if (dossier?.storageKey == null) throw new CataloguedError('NOT_FOUND', 'no such dossier');
      return sendFile(reply, await files.read(dossier.storageKey), 'application/zip', Number(dossier.size), `${dossier.caseNumber}.zip`);
    });
  };
}

function sendFile(
  reply: FastifyReply,
  content: Readable,
  mediaType: string,
  size: number | undefined,
  name: string,
  disposition: 'inline' | 'attachment' = 'attachment',
): FastifyReply {
  // RFC 6266: what is not ASCII goes into `filename*`
  const plain = name.replace(/[^\w.-]/g, '_');
  reply.header('content-type', mediaType).header('content-security-policy', "default-src 'none'; sandbox");
  reply.header('content-disposition', `${disposition}; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`);
  if (size !== undefined) reply.header('content-length', size);
  return reply.send(content);
}

function codeOf({ statusCode }: { statusCode?: number }): ErrorCode {
  if (statusCode === 413) return 'PAYLOAD_TOO_LARGE';
  return statusCode !== undefined && statusCode < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR';
}
