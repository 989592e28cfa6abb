import { SOMEBODY_ELSE } from "./plan-undo";

/** The values of a row in its columns; null where there is no row. */
export type Values = Readonly<Record<string, unknown>> | null;

/** What is known of a row that the undone runs changed, and somebody after them. */
export interface ConflictRow {
  readonly by: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly columns: readonly string[];
  /** Before the runs and after them, as the plan goes back from the row as it is. */
  readonly was: Values;
  readonly left: Values;
  readonly now: Values;
  /** What the runs found and wrote, in the columns that they changed; null for none. */
  readonly found: Values;
  readonly wrote: Values;
  /** Whether the first of the runs inserted the row, the last one removed it, and any of them inserted it. */
  readonly isNew: boolean;
  readonly isRemoved: boolean;
  readonly isInserted: boolean;
  /** Whether the plan has what was before from the row as it is. */
  readonly isFromNow: boolean;
  /** Whether the next run after them inserted the row: somebody else had removed it. */
  readonly isInsertedLater: boolean;
}

/** A row's values before the runs, after them and now. */
export interface RowImages {
  readonly before: Values;
  readonly after: Values;
  readonly now: Values;
  readonly unknown?: readonly string[];
}

/**
 * The three images of a row, in the columns in which they differ. Where somebody else changed or removed it, only what the runs kept is known: of a row
 * that they inserted, its key.
 */
export function imagesOf(row: ConflictRow): RowImages {
  const { by, key, columns, was, left, now, found, wrote, isNew, isRemoved, isInserted, isFromNow } = row;
  const isElse = by === SOMEBODY_ELSE;
  const before = isNew ? null : isElse && isFromNow ? { ...found } : was;
  const after = isRemoved ? null : isElse || row.isInsertedLater ? { ...wrote } : { ...left, ...wrote };
  const unknown =
    after !== null && isInserted ? columns.filter((column) => !(column in after) && !(column in key)) : [];
  const images = { before, after, now };
  const different = columns.filter((column) => unknown.includes(column) || differs(column, images));
  const pick = (image: Values) =>
    image === null
      ? null
      : Object.fromEntries(different.filter((column) => column in image).map((column) => [column, image[column]]));
  return {
    ...{ before: pick(before), after: pick(after), now: pick(now) },
    ...(unknown.length > 0 && { unknown }),
  };
}

function differs(column: string, { before, after, now }: Omit<RowImages, "unknown">): boolean {
  const isKnown = [before, after].every((image) => image === null || column in image);
  if (!isKnown) return false;
  const texts = [before, after, now].map((image) => (image === null ? "no row" : JSON.stringify(image[column])));
  return new Set(texts).size > 1;
}
