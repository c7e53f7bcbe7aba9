import type { FastifyReply, FastifyRequest } from 'fastify';

const NAMES: Record<string, string> = {
  number: '证照编号 number',
  state: '核验结果 result',
  caseNumber: '统一受理编号 case',
  itemName: '许可事项 item',
  issuer: '颁发机关 issuer',
  holder: '持证人 holder',
  issuedAt: '颁发时间 issued',
  validUntil: '有效期至 valid until',
  title: '文书 document',
  departmentCode: '部门 department',
  sha256: 'SHA-256',
  documentSha256: 'SHA-256 (PDF)',
};

/** What a code on a document leads to: a page for people, JSON for programs. Never personal data. */
export function verificationPage(
  request: FastifyRequest,
  reply: FastifyReply,
  title: string,
  facts: Readonly<Record<string, unknown>>,
): FastifyReply | Readonly<Record<string, unknown>> {
  if (!(request.headers.accept ?? '').includes('text/html')) return facts;
  const rows = Object.entries(NAMES)
    .filter(([name]) => facts[name] != null)
    .map(([name, label]) => `<tr><th>${label}</th><td>${escaped(String(facts[name]))}</td></tr>`);
  reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
  return reply.send(`<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>body{font:16px/1.6 system-ui;margin:2rem auto;max-width:40rem;padding:0 1rem}th{text-align:left;padding-right:1rem;vertical-align:top}td{word-break:break-all}</style>
<h1>${escaped(title)}</h1><table>${rows.join('')}</table><p>演示数据 demonstration data</p></html>`);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
