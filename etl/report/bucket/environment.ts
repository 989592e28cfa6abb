import * as z from "zod";
import { databaseVariables } from "../../core/database/database-environment";
import { namesOf, pageVariables } from "../../core/pages/page-environment";

/** Environment of the function that makes the pages from the database. */
export const renderEnvironment = z.object({
  ...databaseVariables,
  ...pageVariables,
  /** The pipelines that have a database: their pages are made if a call names none. */
  DATABASE_PIPELINES: z.string().transform(namesOf),
  /** Columns that no page shows, as a JSON list. */
  HIDE: z
    .string()
    .transform((list) => JSON.parse(list))
    .pipe(z.array(z.string())),
});

/** The variables set by the stack: all text. */
export type RenderEnvironment = z.input<typeof renderEnvironment>;
