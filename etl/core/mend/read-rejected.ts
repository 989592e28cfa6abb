import { LEDGER_TABLES, type LedgerTables, type RejectedState, stateOf } from "./rejected-state";

/** An open rejected row, as a person gets it to correct it. */
export interface RejectedToMend {
  readonly id: number;
  readonly run: string;
  /** What the pipeline calls the source, or its address. */
  readonly source: string;
  readonly line?: string;
  readonly byte?: string;
  readonly reason: string;
  /** Empty where the contract has sensitive columns. */
  readonly raw: string;
  /** Undefined where the source has none, or an older version read it. */
  readonly header?: readonly string[];
}

export type StateCounts = Readonly<Record<RejectedState, number>>;

/** Answers a statement that takes no parameters: a database, or the deployed function that reads one. */
export type Ask = (statement: string) => Promise<readonly Readonly<Record<string, string | null>>[]>;

/** Which rejected rows are meant. */
export interface RejectedOf {
  readonly pipeline: string;
  /** How its run's id begins. Default: all runs. */
  readonly run?: string;
}

/** How the id of a run may begin. */
export const RUN_BEGINNING = /^[0-9a-f-]{4,36}$/;
/** A page of rows: what is more than the answer holds comes with the next one. */
const PAGE = 5_000;

/** Reads the open rejected rows, in the order in which they were rejected, and how many there are in each state. */
export async function readRejected(
  ask: Ask,
  wanted: RejectedOf,
): Promise<{ readonly rows: readonly RejectedToMend[]; readonly counts: StateCounts }> {
  const tables = await findTables(ask);
  if (!tables.runs) return { rows: [], counts: { open: 0, mended: 0, superseded: 0 } };
  const [counted] = await ask(`select
    ${(["open", "mended", "superseded"] as const).map((state) => `count(*) filter (where state = '${state}') as ${state}`).join(", ")}
    from (select ${stateOf(tables)} as state ${fromRejected(wanted)}) as states`);
  const countOf = (state: RejectedState) => Number(counted?.[state] ?? 0);
  const rows: RejectedToMend[] = [];
  for (let last = 0; ; ) {
    const page = await ask(pageStatement(wanted, tables, last));
    if (page.length === 0) break;
    for (const row of page) rows.push(toRejected(row));
    last = rows.at(-1)?.id ?? last;
  }
  return { rows, counts: { open: countOf("open"), mended: countOf("mended"), superseded: countOf("superseded") } };
}

/** Whether a run of the pipeline has such an id. */
export async function hasRun(ask: Ask, wanted: Required<RejectedOf>): Promise<boolean> {
  if (!(await findTables(ask)).runs) return false;
  return (await ask(`select etl_run.id from etl_run where ${isOf(wanted)} limit 1`)).length > 0;
}

async function findTables(ask: Ask): Promise<LedgerTables> {
  const [found] = await ask(LEDGER_TABLES);
  const isTrue = (value: string | null | undefined) => value === "true" || value === "t";
  return { runs: isTrue(found?.runs), mended: isTrue(found?.mended), feeds: isTrue(found?.feeds) };
}

function fromRejected(wanted: RejectedOf): string {
  return `from rejected_row join etl_run on etl_run.id = rejected_row.run where ${isOf(wanted)}`;
}

/** @throws RangeError where the run is anything else: it stands in the text as it is */
function isOf({ pipeline, run }: RejectedOf): string {
  if (run !== undefined && !RUN_BEGINNING.test(run)) throw new RangeError(`not the beginning of a run's id: ${run}`);
  return `etl_run.pipeline = '${pipeline.replaceAll("'", "''")}' ${run === undefined ? "" : `and etl_run.id::text like '${run}%'`}`;
}

function pageStatement(wanted: RejectedOf, tables: LedgerTables, after: number): string {
  // Before an upgrade, a feed's ledger alone has headers, where a chunk had a good row.
  const known = tables.feeds
    ? `(select c.header from import_chunk c join import_object o on o.id = c.object
        where o.location = rejected_row.source and c.header is not null order by c.run = rejected_row.run desc limit 1)`
    : "null::jsonb";
  const own =
    "(select header from rejected_header h where h.run = rejected_row.run and h.source = rejected_row.source)";
  return `select rejected_row.id, rejected_row.run, source, line, byte_offset, reason, raw,
      (${tables.mended ? `coalesce(${own}, ${known})` : known})::text as header
    ${fromRejected(wanted)} and rejected_row.id > ${after} and ${stateOf(tables)} = 'open'
    order by rejected_row.id limit ${PAGE}`;
}

function toRejected(row: Readonly<Record<string, string | null>>): RejectedToMend {
  const { id, run, source, line, byte_offset: byte, reason, raw, header } = row;
  return {
    id: Number(id),
    run: run ?? "",
    source: source ?? "",
    ...(line != null && { line }),
    ...(byte != null && { byte }),
    reason: reason ?? "",
    raw: raw ?? "",
    ...(header != null && { header: JSON.parse(header) as readonly string[] }),
  };
}
