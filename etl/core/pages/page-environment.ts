import * as z from "zod";

/** Variables of every function that makes pages. */
export const pageVariables = {
  /** Bucket that pages are written to, below `pages/`. */
  PAGES_BUCKET: z.string().min(3),
  /** All pipelines that the index is to list, with commas between. */
  PIPELINES: z.string().min(1).transform(namesOf),
} as const;

const pageEnvironment = z.object(pageVariables);

/** What the stack sets: all text. */
export type PageEnvironment = z.input<typeof pageEnvironment>;

/** A list of names, which may be empty. */
export function namesOf(list: string): readonly string[] {
  return list.split(",").filter((name) => name !== "");
}
