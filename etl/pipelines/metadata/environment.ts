import * as z from "zod";
import { pageVariables } from "../../core/pages/page-environment";

/** Environment of the step `summarize`. */
export const metadataEnvironment = z.object({
  BUCKET: z.string().min(3),
  /** What the keys begin with; may be empty. Other objects are ignored. */
  PREFIX: z.string(),
});

/** What the stack sets for `summarize`: all text. */
export type MetadataEnvironment = z.input<typeof metadataEnvironment>;

/** Environment of the step `render`. */
export const metadataPageEnvironment = z.object({
  ...pageVariables,
  /** Where `summarize` tells of each upload. */
  LOG_GROUP: z.string().min(1),
});

/** What the stack sets for `render`: all text. */
export type MetadataPageEnvironment = z.input<typeof metadataPageEnvironment>;
