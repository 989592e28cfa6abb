import type { ColumnType } from "../../../../etl/core/contract/column";

/** A type, and why. */
export interface GuessedType {
  readonly type: ColumnType;
  /** Undefined: no note. */
  readonly note: string | undefined;
}

/** The file's notation of numbers and days, as far as its columns show it. */
export interface Locale {
  readonly decimal?: "." | ",";
  readonly order?: "day" | "month";
}
