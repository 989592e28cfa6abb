import * as z from "zod";
import { columnSchema } from "./column-schema";

const csv = {
  columns: z
    .record(z.string(), columnSchema, { error: "an object: column name → column" })
    .readonly()
    .describe("By their names in the table, in the order of the fields"),
  header: z.boolean().optional().describe("Whether it begins with a header. Default: true"),
  delimiter: z
    .string()
    .regex(/^[^\0\n\r"\\\u0080-\uffff]$/, { error: "one ASCII character that is no quote, backslash or line end" })
    .optional()
    .describe("Default: a comma"),
  encoding: z.enum(["utf-8", "utf-16", "windows-1252", "iso-8859-1"]).optional().describe("Default: utf-8"),
  quotedLineBreaks: z.boolean().optional().describe("Whether quoted fields hold line breaks. Default: false"),
  unknownColumns: z
    .enum(["ignore", "warn", "fail"])
    .optional()
    .describe("What to do with columns of the header that the contract does not have. Default: ignore"),
};

const keyColumn = z.string({
  error: ({ input }) => (input === undefined ? "a column: a key has at least one" : "the name of a column"),
});

const table = {
  table: z
    .string({ error: "table, or schema.table" })
    .regex(/^[^.]+(\.[^.]+)?$/, { error: "table, or schema.table" })
    .describe("table, or schema.table"),
  key: z
    .tuple([keyColumn], keyColumn, { error: "a list of columns" })
    .readonly()
    .describe("The natural key: columns that are not nullable"),
};

/** The form of a contract. Rules between its parts are in `limits.ts`. */
export const feedSchema = z
  .strictObject({
    name: z
      .string({ error: "a name: a text without blanks and slashes" })
      .regex(/^[^/\0\s]{1,63}$/, { error: "a name of at most 63 bytes without blanks and slashes" })
      .regex(/^(?!.*\.json$)/, { error: "a name that does not end in .json: that is a path" })
      .describe("Its name in --contract and in the configuration"),
    ...csv,
    ...table,
    maxRejected: z
      .union(
        [
          z.strictObject({ rows: z.number().int().min(0) }).readonly(),
          z.strictObject({ percent: z.number().min(0).max(100) }).readonly(),
        ],
        { error: "one of rows and percent: { rows } with a whole number, or { percent } with 0 to 100" },
      )
      .optional()
      .describe("An object with more is rejected. Default: no row"),
    revisions: z
      .boolean()
      .optional()
      .describe("Whether a row's values before and after a change are kept in the table revision. Default: false"),
    history: z
      .enum(["full", "changes", "none"], { error: "full, changes or none" })
      .optional()
      .describe(
        "What is kept to go back: full, with the keys of new rows, so that a run can be undone; changes, as revisions does; or none. Default: none",
      ),
  })
  .readonly();
