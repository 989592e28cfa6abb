import * as z from "zod";

/** Variables of every function that makes pages. */
export const pageVariables = {
  /** Bucket that pages are written to, below `pages/`. */
  PAGES_BUCKET: z.string().min(3),
  /** All pipelines of the index, separated by commas. */
  PIPELINES: z.string().min(1).transform(namesOf),
} as const;

const pageEnvironment = z.object(pageVariables);

/** The variables set by the stack: all text. */
export type PageEnvironment = z.input<typeof pageEnvironment>;

/** A list of names, which may be empty. */
export function namesOf(list: string): readonly string[] {
  return list.split(",").filter((name) => name !== "");
}
