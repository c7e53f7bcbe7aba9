import { shanghaiDay } from '../../../kit/calendar/working-calendar.js';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { Caller } from '../../../kit/identity/caller.js';
import { narrowed, requireSight, type Sight } from '../access/sight.js';
import type { Supervision } from '../supervision.js';
import type { FigureGroup } from '../types/enums.js';
import type { CaseFigure, CaseFigures, CaseFiguresInput, TodaysLoad } from '../types/figures.js';
import { IN_HAND, MEASURES, type Measures, NOTHING } from './contribution.js';
import { COLUMNS } from './keep-figures.js';

const MOST_DAYS = 366;
const MILLISECONDS_A_DAY = 86_400_000;

/** The columns that a group tells apart, by what they are called in the answer. */
const GROUP_COLUMNS: Readonly<Record<FigureGroup, Readonly<Record<string, string>>>> = {
  DEPARTMENT: { departmentCode: 'department_code' },
  ITEM: { departmentCode: 'department_code', itemCode: 'item_code' },
  CHANNEL: { channel: 'channel' },
  MONTH: { period: 'substr(day, 1, 7)' },
  DAY: { period: 'day' },
};

type FigureRow = { departmentCode?: string; itemCode?: string; channel?: string; period?: string } & Record<
  (typeof MEASURES)[number],
  number | string
>;

/**
 * Figures of the cases that the caller may see, from the sums that are kept; no case is read.
 * @throws CataloguedError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT for a period that ends before it begins or is too long
 */
export async function readFigures(
  { store, clock }: Pick<Supervision, 'store' | 'clock'>,
  caller: Caller,
  input: CaseFiguresInput,
): Promise<CaseFigures> {
  const sight = narrowed(requireSight(caller), input.departmentCode);
  requirePeriod(input);
  const today = shanghaiDay(clock());
  const sums = async (days: readonly [string, string], groups: readonly FigureGroup[]) => {
    const { sql, values } = statement(sight, input, days, groups);
    return store.fork().execute<FigureRow[]>(sql, values);
  };
  const rows = await sums([input.from, input.to], input.groupBy);
  const [ofToday] = await sums([today, today], []);
  const [inHand] = await sums([IN_HAND, IN_HAND], []);
  return {
    rows: input.groupBy.length === 0 ? [] : rows.map(figureOf),
    total: figureOf(rows.reduce<FigureRow>(added, { ...NOTHING })),
    today: loadOf(today, ofToday, inHand),
  };
}

/** The SQL of one question, told apart so that its plan can be looked at. */
export function statement(
  sight: Sight,
  { itemCode, channel }: Pick<CaseFiguresInput, 'itemCode' | 'channel'>,
  [from, to]: readonly [string, string],
  groups: readonly FigureGroup[],
): { sql: string; values: unknown[] } {
  const columns = Object.assign({}, ...groups.map((group) => GROUP_COLUMNS[group])) as Record<string, string>;
  const conditions = ['day >= ?', 'day <= ?'];
  const values: unknown[] = [from, to];
  if (sight !== 'ALL') {
    conditions.push(`department_code in (${sight.map(() => '?').join(', ')})`);
    values.push(...sight);
  }
  if (itemCode != null) {
    conditions.push('item_code = ?');
    values.push(itemCode);
  }
  if (channel != null) {
    conditions.push('channel = ?');
    values.push(channel);
  }
  const selected = [
    ...Object.entries(columns).map(([name, column]) => `${column} as \`${name}\``),
    ...MEASURES.map((measure) => `coalesce(sum(${COLUMNS[measure]}), 0) as \`${measure}\``),
  ];
  const grouped = Object.values(columns).join(', ');
  const order = grouped === '' ? '' : ` group by ${grouped} order by ${grouped}`;
  return { sql: `select ${selected.join(', ')} from case_figure where ${conditions.join(' and ')}${order}`, values };
}

function requirePeriod({ from, to }: CaseFiguresInput): void {
  const length = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / MILLISECONDS_A_DAY + 1;
  if (length < 1) throw new CataloguedError('BAD_USER_INPUT', '`to` lies before `from`', { field: 'to' });
  if (length > MOST_DAYS) throw new CataloguedError('BAD_USER_INPUT', `a period has at most ${MOST_DAYS} days`, { field: 'to' });
}

function added(sum: FigureRow, row: FigureRow): FigureRow {
  const { ...total } = sum;
  for (const measure of MEASURES) total[measure] = Number(sum[measure]) + Number(row[measure]);
  return total;
}

function figureOf(row: FigureRow): CaseFigure {
  const of = Object.fromEntries(MEASURES.map((measure) => [measure, Number(row[measure])])) as Measures;
  const judged = of.approved + of.refused;
  const mean = (sum: number) => (judged === 0 ? null : sum / judged);
  return {
    departmentCode: row.departmentCode ?? null,
    itemCode: row.itemCode ?? null,
    channel: row.channel ?? null,
    period: row.period ?? null,
    accepted: of.accepted,
    decided: of.decided,
    approved: of.approved,
    refused: of.refused,
    onTime: of.inPromised,
    onTimeRate: mean(of.inPromised),
    lawfulRate: mean(of.inStatutory),
    meanWorkingDays: mean(of.workingDays),
    meanPromisedDays: mean(of.promisedDays),
    meanStatutoryDays: mean(of.statutoryDays),
  };
}

function loadOf(day: string, today: FigureRow | undefined, inHand: FigureRow | undefined): TodaysLoad {
  return { day, accepted: Number(today?.accepted ?? 0), decided: Number(today?.decided ?? 0), inHand: Number(inHand?.accepted ?? 0) };
}
