import { counted } from "../../../etl/core/counted";
import type { RowDifference } from "./find-difference";
import type { StoredRun } from "./stored-run";

/** What a run left, and what today's code makes from the same bytes. */
export interface Pair<Value> {
  readonly was: Value;
  readonly now: Value;
}

/** The outcome of running a stored run again. */
export interface Proof {
  readonly run: StoredRun;
  /** `same`: all is as it was. `unknown`: the ledger has no hash, and the table no row of the run any more. */
  readonly outcome: "same" | "differs" | "unknown";
  /** Rows that today's code loads. */
  readonly rows: number;
  readonly rejected: Pair<number>;
  /** Of the rows; null where the ledger has none. Of a feed, those of the first chunk that differs, if one does. */
  readonly result: Pair<string | null>;
  readonly code: Pair<string | null>;
  /** The part of the run that differs: an object of a feed, and the first byte of its chunk. */
  readonly at?: string;
  /** Why today's code does not load it at all. */
  readonly failure?: string;
  /** Rows whose values were compared one by one: where hashes are missing, or differ. */
  readonly compared: number;
  readonly first?: RowDifference;
}

/** What can be said of hashes, counts and rows. */
export function judge({ result, rejected, failure, compared, first }: Omit<Proof, "outcome">): Proof["outcome"] {
  if (failure !== undefined || first !== undefined || rejected.was !== rejected.now) return "differs";
  if (result.was !== null) return result.was === result.now ? "same" : "differs";
  return compared > 0 ? "same" : "unknown";
}

/** For a person. */
export function renderProof({ run, outcome, rows, rejected, result, code, at, failure, compared, first }: Proof) {
  const name = `run ${run.id} of ${run.pipeline}`;
  const codes =
    code.was === null || code.now === null
      ? []
      : [code.was === code.now ? "by the same code" : `by other code: then ${code.was}, now ${code.now}`];
  if (outcome === "same" && result.was !== null)
    return [
      `${name}: the same ${counted(rows, "row")} and ${counted(rejected.now, "rejected one")}, hash ${result.now}`,
      ...codes,
    ].join("\n");
  if (outcome !== "differs") {
    const said =
      compared === 0
        ? "nothing is proven: the ledger has no hash of its rows, and the table none of them any more"
        : `the same in each of the ${counted(compared, "row")} that the table still has of it; the ledger has no hash of its rows`;
    return [`${name}: ${said}`, ...codes].join("\n");
  }
  return [
    `${name}: today's code makes something else from the same bytes${at === undefined ? "" : `, in ${at}`}`,
    ...(failure === undefined ? [] : [`  it loads nothing of it: ${failure}`]),
    ...(result.was === result.now ? [] : [`  hash of the rows: then ${result.was ?? "not kept"}, now ${result.now}`]),
    ...(rejected.was === rejected.now ? [] : [`  rejected rows: then ${rejected.was}, now ${rejected.now}`]),
    ...(first === undefined ? [describeNone(compared)] : [describeRow(first)]),
    ...codes,
  ].join("\n");
}

function describeNone(compared: number): string {
  return compared === 0
    ? "  the table has no row of it any more, so none can be shown"
    : `  none of the ${counted(compared, "row")} that the table still has of it differs: rows gave way since, came twice, or in another order`;
}

function describeRow({ table, key, was, now }: RowDifference): string {
  const place = Object.entries(key).map(([column, value]) => `${column} ${JSON.stringify(value)}`);
  const tell = (row: RowDifference["now"]) => (row === undefined ? "no row" : JSON.stringify(row));
  return `  the first row that differs: ${table}, ${place.join(", ")}: then ${tell(was)}, now ${tell(now)}`;
}

/** For a program. */
export function proofToJson({ run, ...proof }: Proof): string {
  return JSON.stringify({ pipeline: run.pipeline, runId: run.id, ...proof });
}
