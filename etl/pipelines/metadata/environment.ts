import * as z from "zod";
import { pageVariables } from "../../core/pages/page-environment";

/** Environment of the step `summarize`. */
export const metadataEnvironment = z.object({
  BUCKET: z.string().min(3),
  /** Key prefix; may be empty. Other objects are ignored. */
  PREFIX: z.string(),
});

/** The stack's variables for `summarize`: all text. */
export type MetadataEnvironment = z.input<typeof metadataEnvironment>;

/** Environment of the step `render`. */
export const metadataPageEnvironment = z.object({
  ...pageVariables,
  /** The log group of `summarize`, with each upload. */
  LOG_GROUP: z.string().min(1),
});

/** The stack's variables for `render`: all text. */
export type MetadataPageEnvironment = z.input<typeof metadataPageEnvironment>;
