import type { SourceSummary } from "../../../etl/core/database/tables";
import { UsageError } from "../../../etl/core/errors";
import type { Reader } from "../undo/as-of";

/** A run of the ledger, to be run again from its raw bytes. */
export interface StoredRun {
  readonly id: string;
  readonly pipeline: string;
  readonly rejected: number;
  /** Like the ledger's; null in runs of versions that did not keep them. */
  readonly code: string | null;
  readonly result: string | null;
  readonly sources: readonly SourceSummary[];
}

/** How the id of a run may begin. */
const BEGINNING = /^[0-9a-f-]{4,36}$/;

/** @throws UsageError if there is no such run, or nothing can be proven of it */
export async function readStoredRun(read: Reader, pipeline: string, beginning: string): Promise<StoredRun> {
  const found = BEGINNING.test(beginning) ? await find(read, pipeline, beginning) : [];
  const [run, another] = found;
  if (run === undefined || another !== undefined) {
    throw new UsageError(run === undefined ? "There is no such run" : "Several runs have such an id", {
      got: JSON.stringify(beginning),
      expected: `how the id of one run of ${pipeline} begins, at least four of its characters; etl_run.id has it`,
    });
  }
  const [id, status, isOfPerson, rejected, code = null, result = null, sources] = run;
  const where = { source: `run ${id} of ${pipeline}` };
  if (isOfPerson === "true") {
    throw new UsageError("This run read no raw bytes", {
      got: "a mend, or an undo",
      expected: "a run of sources",
      where,
      fix: "Its own record says all: mended_row and etl_run.undoes",
    });
  }
  if (status !== "succeeded") {
    throw new UsageError("This run did not succeed", {
      got: String(status),
      expected: "a run that succeeded: of others the ledger does not keep all that they loaded",
      where,
    });
  }
  return { id: id ?? "", pipeline, rejected: Number(rejected), code, result, sources: JSON.parse(sources ?? "[]") };
}

async function find(read: Reader, pipeline: string, beginning: string) {
  const known = await read("select to_regclass('etl_run') is not null");
  if (!isTrue(known.rows[0]?.[0])) return [];
  // A ledger of an older version lacks these columns.
  const ledger = (name: string) => `to_jsonb(etl_run) ->> '${name}'`;
  const { rows } = await read(`select id, status, (${ledger("mended_by")} is not null)::text, coalesce(rejected, 0),
    ${ledger("code")}, ${ledger("result")}, sources from etl_run
    where pipeline = ${literal(pipeline)} and id::text like '${beginning}%' order by etl_run.started desc limit 2`);
  return rows;
}

export function isTrue(text: string | null | undefined): boolean {
  return text === "t" || text === "true";
}

/** As a text of a statement. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return text.includes("\\") ? `E${quoted}` : quoted;
}

/** All rows of a statement that ends with an order, however often the answer is cut. */
export async function readAll(read: Reader, statement: string): Promise<readonly (readonly (string | null)[])[]> {
  const first = await read(statement);
  const rows = [...first.rows];
  for (let { cut } = first; cut !== undefined; ) {
    const next = await read(`${statement} offset ${rows.length}`);
    if (next.rows.length === 0) break;
    rows.push(...next.rows);
    ({ cut } = next);
  }
  return rows;
}
