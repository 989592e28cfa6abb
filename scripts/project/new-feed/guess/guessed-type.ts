import type { ColumnType } from "../../../../etl/core/contract/column";

/** A type, and why. */
export interface GuessedType {
  readonly type: ColumnType;
  /** Undefined: there is nothing to say. */
  readonly note: string | undefined;
}

/** How the file's country writes numbers and days, as far as its columns tell. */
export interface Locale {
  readonly decimal?: "." | ",";
  readonly order?: "day" | "month";
}
