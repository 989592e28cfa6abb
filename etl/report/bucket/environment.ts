import * as z from "zod";
import { databaseVariables } from "../../core/database/database-environment";
import { namesOf, pageVariables } from "../../core/pages/page-environment";

const shapesSchema = z.array(
  z.tuple([z.string(), z.enum(["step", "lambda", "distributed-map"]), z.coerce.number().positive()]),
);

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
  /** How the pipelines run: `NAME ENGINE MEMORY`, separated by commas. What their runs cost follows from it. */
  RUN_SHAPES: z.string().transform((list, context) => {
    const { data, error } = shapesSchema.safeParse(namesOf(list).map((shape) => shape.split(" ")));
    if (data !== undefined) return data;
    context.addIssue({ code: "custom", message: z.prettifyError(error) });
    return z.NEVER;
  }),
  /** Set by Lambda. */
  AWS_REGION: z.string(),
});

/** The variables set by the stack: all text. */
export type RenderEnvironment = Omit<z.input<typeof renderEnvironment>, "AWS_REGION">;
