import * as z from "zod";

/** Environment of the step `summarize`. */
export const metadataEnvironment = z.object({
  BUCKET: z.string().min(3),
  /** What the keys begin with; may be empty. Other objects are ignored. */
  PREFIX: z.string(),
});

/** What the stack sets for `summarize`: all text. */
export type MetadataEnvironment = z.input<typeof metadataEnvironment>;
