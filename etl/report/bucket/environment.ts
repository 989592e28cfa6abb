import * as z from "zod";
import { databaseVariables } from "../../core/database/database-environment";
import { namesOf, pageVariables } from "../../core/pages/page-environment";

/** Environment of the function that makes the pages of what is in the database. */
export const renderEnvironment = z.object({
  ...databaseVariables,
  ...pageVariables,
  /** Of the pipelines those that have a database: what is made where no call names one. */
  DATABASE_PIPELINES: z.string().transform(namesOf),
  /** Columns that no page shows, as a list in JSON. */
  HIDE: z
    .string()
    .transform((list) => JSON.parse(list))
    .pipe(z.array(z.string())),
});

/** What the stack sets: all text. */
export type RenderEnvironment = z.input<typeof renderEnvironment>;
