import * as z from "zod";
import { HELPER_PREFIX, provenance } from "../../core/contract/names";
import { UsageError } from "../../core/errors";
import type { ImportContract } from "./contract";

/** NAMEDATALEN - 1 (PostgreSQL manual, "Identifiers and Key Words"): a longer name is cut without a word. */
const NAME_BYTES = 63;
/** MaxHeapAttributeNumber (PostgreSQL manual, "PostgreSQL Limits"). */
const MOST_COLUMNS = 1_600 - provenance.length;
/** INDEX_MAX_KEYS, of the same page. */
const MOST_KEY_COLUMNS = 32;
const MOST_DIGITS = 1_000;
/** PostgreSQL manual, "System Columns". */
const SYSTEM_COLUMNS = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];
const LAST_ASCII = 0x7f;
const NO_DELIMITERS = '"\\\n\r\0';

const name = z
  .string()
  .min(1, "a name")
  .refine((text) => Buffer.byteLength(text) <= NAME_BYTES, { error: `a name of at most ${NAME_BYTES} bytes` })
  .refine((text) => !text.includes("\0"), { error: "a name without a NUL character" })
  .refine((text) => !text.startsWith(HELPER_PREFIX), { error: `a name that does not begin with ${HELPER_PREFIX}` });

const columnName = name
  .refine((text) => !provenance.some((own) => own === text), {
    error: `another name: ${provenance.join(" and ")} are the import's own columns`,
  })
  .refine((text) => !SYSTEM_COLUMNS.includes(text), {
    error: "another name: this one is a system column of PostgreSQL",
  });

const tableName = z
  .string()
  .refine((text) => /^[^.]+(\.[^.]+)?$/.test(text), { error: "table, or schema.table" })
  .refine((text) => text.split(".").every((part) => name.safeParse(part).success), {
    error: `names of at most ${NAME_BYTES} bytes that do not begin with ${HELPER_PREFIX}`,
  });

const column = z
  .looseObject({ type: z.string(), precision: z.number().optional(), scale: z.number().optional() })
  .refine(
    ({ type, precision = 0, scale = 0 }) =>
      type !== "numeric" || (precision >= 1 && precision <= MOST_DIGITS && scale >= 0 && scale <= precision),
    { error: `a precision of 1 to ${MOST_DIGITS}, and a scale of 0 to the precision` },
  );

/** What the compiler cannot see. */
const schema = z
  .looseObject({
    table: tableName,
    columns: z
      .record(columnName, column)
      .refine((columns) => Object.keys(columns).length >= 1, { error: "at least one column" })
      .refine((columns) => Object.keys(columns).length <= MOST_COLUMNS, {
        error: `at most ${MOST_COLUMNS} columns, as a table of PostgreSQL has`,
      }),
    key: z
      .array(z.string())
      .min(1, "at least one column")
      .max(MOST_KEY_COLUMNS, `at most ${MOST_KEY_COLUMNS} columns, as an index of PostgreSQL has`)
      .refine((key) => new Set(key).size === key.length, { error: "each column once" }),
    delimiter: z
      .string()
      .refine((text) => text.length === 1 && text.charCodeAt(0) <= LAST_ASCII && !NO_DELIMITERS.includes(text), {
        error: "one ASCII character that is no quote, backslash or line end",
      })
      .optional(),
  })
  .superRefine(({ columns, key }, context) => {
    for (const part of key) {
      const found: Readonly<Record<string, unknown>> | undefined = columns[part];
      if (found === undefined)
        context.addIssue({ code: "custom", path: ["key"], message: "columns of the contract", input: part });
      else if (found.nullable === true) {
        context.addIssue({ code: "custom", path: ["key"], message: "columns that are not nullable", input: part });
      }
    }
  });

/** @throws UsageError that names what PostgreSQL or the reader would not take, and where it stands in the contract */
export function checkContract(contract: ImportContract): ImportContract {
  const result = schema.safeParse(contract);
  if (result.success) return contract;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String) ?? [];
  const at = path.reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], contract);
  const isColumn = path.length === 2 && issue?.code === "invalid_key";
  throw new UsageError(`The contract ${contract.name} cannot be used: ${path.join(".")}`, {
    got: isColumn ? JSON.stringify(path[1]) : quote(at),
    expected: isColumn ? messageOfKey(issue) : issue?.message,
    fix: isColumn
      ? "Choose a shorter or another name, and let header say what the source calls it"
      : "Correct the contract",
  });
}

function messageOfKey(issue: z.core.$ZodIssueInvalidKey): string | undefined {
  return issue.issues[0]?.message;
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
