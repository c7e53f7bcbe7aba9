import { describe, expect, test } from 'vitest';
import { drafts } from '../../../../../subgraphs/platform/acceptance/store/application-tables.js';
import { applications } from '../../../../../subgraphs/platform/acceptance/store/tables.js';
import { caller } from '../../../../support/environment.js';
import { STORES } from '../../../../support/stores.js';
import { INPUT } from '../world.js';
import { one } from './case-life.js';
import { APPLICANT, codeOf, openHandling, requestId } from './handling-world.js';

const SAVE = 'mutation($input: SaveDraftInput!) { saveDraft(input: $input) { draft { id revision savedAt content item { code } } } }';
const SUBMIT = 'mutation($id: ID!) { submitDraft(input: { id: $id }) { application { id state } } }';
const DISCARD = 'mutation($id: ID!) { discardDraft(input: { id: $id }) { id discarded } }';

describe.each(STORES)('a draft on $name', ({ skip, open }) => {
  test.skipIf(skip)('is kept as far as it got, handed in once, and then gone', async () => {
    await using files = await open();
    await using it = await openHandling(files.url, '2026-11-24T01:00:00Z');
    const { world } = it;
    const em = () => world.acceptance.store.fork();
    const save = async (input: object, who = APPLICANT) => world.ask(who, SAVE, { input });
    const saved = async (input: object) => one<any>(await save(input), 'saveDraft').draft;
    const half = { ...INPUT, materials: [], form: [] };

    const clientRequestId = requestId();
    const [draft, same] = await Promise.all([saved({ clientRequestId, content: half }), saved({ clientRequestId, content: half })]);
    expect(draft).toMatchObject({ revision: 1, item: { code: 'permit' } });
    expect(same.id).toBe(draft.id);
    expect(codeOf(await save({ clientRequestId, content: INPUT }))).toBe('CONFLICT');
    expect(JSON.parse(draft.content).applicant.name).toBe('张三丰');
    // nobody else sees it, and no list of applications has it
    const other = caller('person-2', 'applicant');
    expect((await world.ask(other, '{ drafts { id } }')).data?.['drafts']).toEqual([]);
    expect((await world.ask(APPLICANT, '{ drafts { id } }')).data?.['drafts']).toEqual([{ id: draft.id }]);
    expect(codeOf(await save({ id: draft.id, content: half }, other))).toBe('DRAFT_NOT_FOUND');
    expect(codeOf(await world.ask(other, SUBMIT, { id: draft.id }))).toBe('DRAFT_NOT_FOUND');
    expect((await world.ask(other, DISCARD, { id: draft.id })).data?.['discardDraft'].discarded).toBe(false);
    expect(await em().count(applications)).toBe(0);

    // what is missing is told when it is handed in, and it stays
    expect(codeOf(await world.ask(APPLICANT, SUBMIT, { id: draft.id }))).toBe('MATERIAL_MISSING');
    const second = await saved({ id: draft.id, revision: 1, content: INPUT });
    expect(second.revision).toBe(2);
    // the first saving heard again, after the draft went on
    expect(await saved({ clientRequestId, content: half })).toMatchObject({ id: draft.id, revision: 2 });
    expect(codeOf(await save({ id: draft.id, revision: 1, content: half }))).toBe('CONFLICT');

    const answers = await Promise.all([world.ask(APPLICANT, SUBMIT, { id: draft.id }), world.ask(APPLICANT, SUBMIT, { id: draft.id })]);
    const again = await world.ask(APPLICANT, SUBMIT, { id: draft.id });
    const ids = [...answers, again].map((answer) => one<any>(answer, 'submitDraft').application.id);
    expect(new Set(ids).size).toBe(1);
    expect(await em().count(applications)).toBe(1);
    expect(await em().count(drafts)).toBe(0);
  });

  test.skipIf(skip)('is thrown away, and there are not too many', async () => {
    await using files = await open();
    await using it = await openHandling(files.url, '2026-11-24T01:00:00Z');
    const { world } = it;
    const save = () => world.ask(APPLICANT, SAVE, { input: { content: INPUT } });
    const { draft } = one<any>(await save(), 'saveDraft');
    expect((await world.ask(APPLICANT, DISCARD, { id: draft.id })).data?.['discardDraft']).toEqual({ id: draft.id, discarded: true });
    expect(codeOf(await world.ask(APPLICANT, SUBMIT, { id: draft.id }))).toBe('DRAFT_NOT_FOUND');
    for (let n = 0; n < 100; n++) expect((await save()).errors).toBeUndefined();
    expect(codeOf(await save())).toBe('TOO_MANY_DRAFTS');
    const form = Array.from({ length: 300 }, (_, n) => ({ name: `n${n}`, value: '长'.repeat(4_000) }));
    expect(codeOf(await world.ask(APPLICANT, SAVE, { input: { content: { ...INPUT, form } } }))).toBe('PAYLOAD_TOO_LARGE');
  });
});
