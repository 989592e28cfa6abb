import * as z from "zod";
import { UsageError } from "../errors";

/** The version of the format; a later one is refused. */
export const FORMAT = 1;

const columnSchema = z.strictObject({
  name: z.string(),
  /** As PostgreSQL writes it: `numeric(20,2)`. */
  type: z.string(),
  notNull: z.boolean(),
  /** An expression; null if there is none. */
  default: z.string().nullable(),
  identity: z.enum(["always", "by default"]).nullable(),
  /** The last number of an identity, as text; null if it has none, or gave none yet. */
  lastValue: z.string().nullable(),
});

const tableSchema = z.strictObject({
  name: z.string(),
  columns: z.array(columnSchema).min(1),
  /** In the order in which they can be added. */
  constraints: z.array(z.strictObject({ name: z.string(), definition: z.string(), isForeignKey: z.boolean() })),
  /** Statements. */
  indexes: z.array(z.string()),
  /** Below the export's folder. */
  file: z.string().regex(/^tables\/[a-z0-9_]+\.csv\.gz$/),
  bytes: z.number(),
  /** Hex, of the compressed file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  rows: z.number(),
  /** Of all rows, whatever their order. */
  rowHash: z.string(),
  /** The contract of the feed that fills it; null if none does. */
  contract: z.unknown(),
});

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT, `${FORMAT}: another version of millrace wrote it`),
  exported: z.iso.datetime(),
  /** The server's version. */
  server: z.string(),
  tables: z.array(tableSchema),
  /** What the database has beside them, and the export does not. */
  without: z.array(z.string()),
});

/** `export.json`: what an export has. */
export type Manifest = Readonly<z.output<typeof manifestSchema>>;
export type ExportedTable = Readonly<z.output<typeof tableSchema>>;
export type TableShape = Pick<ExportedTable, "name" | "columns" | "constraints" | "indexes">;

/** @throws UsageError if it is not one */
export function parseManifest(text: string, source: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UsageError("This is not an export", {
      got: cause instanceof z.ZodError ? z.prettifyError(cause).split("\n").slice(0, 2).join(" ") : String(cause),
      expected: "the export.json of an export",
      where: { source },
      cause,
    });
  }
}
