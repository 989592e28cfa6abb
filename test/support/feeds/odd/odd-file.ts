import type { Column } from "../../../../etl/core/contract/column";
import type { Feed } from "../../../../etl/core/contract/contract";

/** A made-up file of a kind that people have, and what a feed of it is. */
export interface OddFile {
  readonly kind: string;
  readonly content: string | Buffer;
  /** Given, where several columns could be it. Default: the one that is found. */
  readonly key?: readonly string[];
  readonly csv?: Omit<Partial<Feed>, "columns">;
  /** Columns, or a part of what they are; a text is a type alone. All, in their order. */
  readonly columns: Readonly<Record<string, Partial<Column> | Column["type"]>>;
  /** Words of notes, by column. */
  readonly notes?: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly rejected?: number;
  readonly superseded?: number;
  readonly leftOut?: readonly string[];
}

export const lines = (...rows: readonly string[]) => `${rows.join("\n")}\n`;
