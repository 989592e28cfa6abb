import { StatementError, type StatementResult } from "../../../etl/core/database/statement";
import { UsageError } from "../../../etl/core/errors";
import { quote, quoteTable } from "../../../etl/core/load/table-habits";
import { noTable } from "../../../etl/core/undo/no-table";
import { readTime } from "../../command-line/read-time";
import type { HistorySubject } from "./subject";

/** Answers a statement: a database, or the deployed function, which cuts long answers. */
export type Reader = (statement: string) => Promise<StatementResult>;

/** A table as it was. */
export interface TableAsOf extends StatementResult {
  /** Since when its history is kept. */
  readonly begins: string;
}

/** invalid_parameter_value: what `millrace_as_of` raises. */
const NOT_KEPT = "22023";

/** @throws UsageError for a text that is no time; StatementError with the beginning of its history for an earlier one */
export async function readAsOf(read: Reader, subject: HistorySubject, time: string): Promise<TableAsOf> {
  const { table, key, feed } = subject;
  const known = readTime(time);
  if (known === undefined) {
    throw new UsageError("This is not a time", {
      got: JSON.stringify(time),
      expected: "2026-11-29, 2026-11-29T07:30 or 2026-11-29T07:30:15.25+01:00; without a zone it is UTC",
    });
  }
  const at = `'${known.zone === undefined ? `${time} UTC` : time}'::timestamptz`;
  const begins = await beginsAt(read, table);
  const columns = feed === undefined ? "*" : Object.keys(feed.columns).map(quote).join(", ");
  const from = `select ${columns} from millrace_as_of(null::${quoteTable(table)}, ${at}) order by ${key.map(quote).join(", ")}`;
  const first = await read(from).catch((error: unknown) => {
    if (!(error instanceof StatementError) || error.failure.code !== NOT_KEPT) throw error;
    throw new UsageError(error.failure.message, { got: time, fix: error.failure.hint });
  });
  const rows = [...first.rows];
  for (let { cut } = first; cut !== undefined; ) {
    const next = await read(`${from} offset ${rows.length}`);
    if (next.rows.length === 0) break;
    rows.push(...next.rows);
    ({ cut } = next);
  }
  return { columns: first.columns, rows, begins };
}

async function beginsAt(read: Reader, table: string): Promise<string> {
  const regclass = `to_regclass(${literal(quoteTable(table))})`;
  const { rows: made } = await read("select to_regprocedure('millrace_history_begins(regclass)')");
  const begins =
    made[0]?.[0] === null
      ? null
      : (await read(`select millrace_history_begins(${regclass}) at time zone 'UTC'`)).rows[0]?.[0];
  if (begins !== null && begins !== undefined) return `${begins} UTC`;
  const lost = `select case when ${regclass} is null then (select max(finished) from load_history where table_name = ${literal(table)}) end`;
  if (made[0]?.[0] !== null && (await read(lost)).rows[0]?.[0] != null) throw noTable(table);
  throw new UsageError(`Nothing is kept of what ${table} was`, {
    fix: "Its history begins with the next run; that of a feed with history: full in its contract",
  });
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
