import * as z from "zod";
import { rowsSchema, shapeSchema } from "./manifest";

/** The caller's ARN, as sent by the caller: it is logged. */
const caller = z.string().min(1).max(2_048);

/** The event of the function `export`. */
export const exportEvent = z
  .discriminatedUnion("ask", [
    z.strictObject({ ask: z.literal("tables"), caller }),
    z.strictObject({ ask: z.literal("hashes"), caller }),
    z.strictObject({
      ask: z.literal("page"),
      table: z.string().min(1),
      columns: shapeSchema.shape.columns,
      /** The last row of the page before, as PostgreSQL writes a place; null for the first page. */
      after: z
        .string()
        .regex(/^\(\d+,\d+\)$/)
        .nullable(),
      caller,
    }),
  ])
  .describe("an event of a rehearsed destruction");
export type ExportEvent = z.output<typeof exportEvent>;

/** Of `tables`. */
export const tablesAnswer = z.strictObject({
  /** The server's version. */
  server: z.string(),
  tables: z.array(shapeSchema),
  without: z.array(z.string()),
});
export type TablesAnswer = Readonly<z.output<typeof tablesAnswer>>;

/** Of `hashes`: of all tables, at one moment. */
export const hashesAnswer = z.strictObject({
  tables: z.array(z.strictObject({ shape: shapeSchema, hash: rowsSchema, /** On disk. */ bytes: z.number() })),
});
export type HashesAnswer = Readonly<z.output<typeof hashesAnswer>>;

/** Of `page`. */
export const pageAnswer = z.strictObject({
  /** Base64, of gzip. */
  csv: z.string(),
  rows: z.number(),
  next: z.string().nullable(),
});
export type PageAnswer = Readonly<z.output<typeof pageAnswer>>;
export type ExportAnswer = TablesAnswer | HashesAnswer | PageAnswer;
