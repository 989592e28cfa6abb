import { sql, type Transaction } from "kysely";
import type { CoreTables } from "../database/tables";
import type { CorrectedRow, MendFile } from "./mend-file";
import { findLedgerTables, type RejectedState, stateOf } from "./rejected-state";

/** A rejected row that is mended, and what a person made of it. */
export interface RowToMend {
  readonly corrected: CorrectedRow;
  /** `rejected_row.id`. */
  readonly id: number;
  readonly run: string;
  readonly source: string;
  /** Null where the source has none, or an older version read it. */
  readonly header: readonly string[] | null;
}

/** A row of the file that is not mended, and why. */
export interface LeftRow {
  readonly line: number;
  readonly reason: string;
}

/** What becomes of the rows of a file, by the ledger alone. */
export interface Sorted {
  readonly toMend: readonly RowToMend[];
  /** Mended by an earlier run. */
  readonly before: number;
  /** Their source was read again since, and has them no more. */
  readonly superseded: number;
  readonly left: readonly LeftRow[];
}

interface Found extends Omit<RowToMend, "corrected"> {
  readonly given: number;
  readonly state: RejectedState;
}

/** Looks the rows of a file up in the ledger. One that was rejected again since, with the same text, is mended as that one; of several that are alike, each as another. @param again also those that are mended */
export async function sortRows(
  trx: Transaction<CoreTables>,
  pipeline: string,
  file: MendFile,
  again = false,
): Promise<Sorted> {
  const found = new Map((await find(trx, pipeline, file)).map((row) => [row.given, row]));
  const taken = new Set<number>();
  const toMend: RowToMend[] = [];
  const left: LeftRow[] = [];
  let [before, superseded] = [0, 0];
  for (const corrected of file.rows) {
    const row = found.get(corrected.id);
    if (row === undefined) left.push({ line: corrected.line, reason: describeUnknown(pipeline, corrected.id) });
    else if (row.state === "superseded") superseded += 1;
    else if ((row.state === "mended" && !again) || taken.has(row.id)) before += 1;
    else {
      taken.add(row.id);
      const { id, run, source, header } = row;
      toMend.push({ corrected, id, run, source, header });
    }
  }
  return { toMend, before, superseded, left };
}

async function find(trx: Transaction<CoreTables>, pipeline: string, { rows: wanted }: MendFile) {
  const state = sql.raw(stateOf(await findLedgerTables(trx)));
  const ids = wanted.map(({ id }) => id);
  const { rows } = await sql<Found>`
    with given as materialized (
      select rejected_row.*, ${state} as state from rejected_row join etl_run on etl_run.id = rejected_row.run
      where etl_run.pipeline = ${pipeline} and rejected_row.id = any(${sql.val(ids)}::bigint[])
    ), lost as materialized (
      select id, source, raw, row_number() over (partition by source, raw order by id) as nth from given
      where state = 'superseded' and raw <> '' and length(raw) < 1000 and not exists (select from mended_row m where m.rejected = given.id)
    ), alike as materialized (
      select rejected_row.id, rejected_row.source, rejected_row.raw, ${state} as state
      from (select source, raw, min(id) as first from lost group by source, raw) as any_lost
        join rejected_row on rejected_row.source = any_lost.source and rejected_row.raw = any_lost.raw and rejected_row.id > first
        join etl_run on etl_run.id = rejected_row.run and etl_run.pipeline = ${pipeline}
    ), ranked as (
      select *, row_number() over (partition by source, raw order by state = 'open' desc, case state when 'open' then id else -id end) as nth
      from alike where id not in (select id from given)
    ), again as (
      select lost.id as given, ranked.id, ranked.state from lost join ranked using (source, raw, nth)
    ), meant as (
      select given.id as given, coalesce(again.id, given.id) as id, coalesce(again.state, given.state) as state
      from given left join again on again.given = given.id
    )
    select meant.given, meant.id, meant.state, r.run, r.source, h.header
    from meant join rejected_row r on r.id = meant.id left join rejected_header h on h.run = r.run and h.source = r.source`.execute(
    trx,
  );
  return rows.map((row) => ({ ...row, given: Number(row.given), id: Number(row.id) }));
}

function describeUnknown(pipeline: string, id: number): string {
  return `got ${id}, expected the number of a rejected row of ${pipeline}. It was deleted by its age, or is of another database or pipeline: write the file again`;
}
