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

/** A table without its rows. */
export const shapeSchema = z.strictObject({
  name: z.string(),
  columns: z.array(columnSchema).min(1),
  /** In the order in which they can be added. */
  constraints: z.array(z.strictObject({ name: z.string(), definition: z.string(), isForeignKey: z.boolean() })),
  /** Statements. */
  indexes: z.array(z.string()),
});

/** All rows of a table. */
export const rowsSchema = z.strictObject({
  rows: z.number(),
  /** Whatever their order. */
  rowHash: z.string(),
});

const keptSchema = z.strictObject({
  bytes: z.number(),
  /** Hex, of the compressed file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const tableSchema = z.strictObject({
  ...shapeSchema.shape,
  ...rowsSchema.shape,
  ...keptSchema.shape,
  /** Below the export's folder. */
  file: z.string().regex(/^tables\/[a-z0-9_-]+\.csv\.gz$/),
  /** The contract of the feed that fills it; null if none does. */
  contract: z.unknown(),
});

const ledgerSchema = z.strictObject({
  ...keptSchema.shape,
  /** The DynamoDB table. */
  table: z.string(),
  /** Below the export's folder: one item as JSON per line. */
  file: z.string().regex(/^ledgers\/[\w.-]+\.jsonl\.gz$/),
  items: z.number(),
  /** Of all items, whatever their order. */
  itemHash: z.string(),
});

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT, `${FORMAT}: another version of millrace wrote it`),
  exported: z.iso.datetime(),
  /** The server's version. */
  server: z.string(),
  tables: z.array(tableSchema),
  /** Of `orders`, on AWS. */
  ledgers: z.array(ledgerSchema).default([]),
  /** What the database has beside them, and the export does not. */
  without: z.array(z.string()),
});

/** `export.json`: what an export has. */
export type Manifest = Readonly<z.output<typeof manifestSchema>>;
export type ExportedTable = Readonly<z.output<typeof tableSchema>>;
export type ExportedLedger = Readonly<z.output<typeof ledgerSchema>>;
export type TableShape = Readonly<z.output<typeof shapeSchema>>;
export type TableRows = Readonly<z.output<typeof rowsSchema>>;
/** A file of an export. */
export type KeptFile = Readonly<z.output<typeof keptSchema>>;

/** The file of a table: its name, or a number if that is none for every file system. */
export function tableFile(table: string, at: number): string {
  return `tables/${/^[a-z_][a-z0-9_-]{0,99}$/.test(table) ? table : at + 1}.csv.gz`;
}

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
