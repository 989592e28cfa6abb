import * as z from "zod";
import { THOUSANDS } from "../fields/number-format";

/** PostgreSQL's varchar has no more characters. */
const MOST_CHARACTERS = 10_485_760;
/** NUMERIC_MAX_PRECISION (PostgreSQL manual, "Numeric Types"). */
const MOST_DIGITS = 1_000;
const MOST_PATTERN = 200;

const ROUNDED = "a whole number, as text where JavaScript would round it";

const DECIMAL = "a decimal number, as text where JavaScript would write an exponent";
const BOTH = "a whole number: numeric needs precision (all digits) and scale (those behind the point)";
const needed = { error: ({ input }: { readonly input?: unknown }) => (input === undefined ? BOTH : undefined) };

const words = <Word extends z.ZodString>(word: Word) =>
  z
    .union([word, z.array(word).min(1).readonly()], { error: "a text that is not empty, or a list of such texts" })
    .optional();
const word = z.string().min(1);

const common = {
  nullable: z.boolean().optional().describe("Whether an empty field is NULL. Default: false"),
  header: words(word).describe(
    "The column's name in the header, or the names that sources use. Default: the column's own",
  ),
  nullText: words(word).describe("Texts that mean NULL besides the empty one. For a nullable column"),
  sensitive: z
    .boolean()
    .optional()
    .describe("Whether its values stay out of reasons, raw text, logs, messages and samples"),
  expected: word.optional().describe("What messages say a field must be. Default: said by type and limits"),
};

const limit = (what: string) =>
  z
    .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/, { error: DECIMAL })], { error: DECIMAL })
    .optional()
    .describe(what);
const wholeLimit = (what: string) =>
  z
    .union([z.int({ error: ROUNDED }), z.string().regex(/^-?\d+$/, { error: ROUNDED })], { error: ROUNDED })
    .optional()
    .describe(what);
const numbers = {
  thousands: z.enum(THOUSANDS).optional().describe("Stands between groups of three digits. Default: nothing"),
};
const decimals = { decimal: z.enum([".", ","]).optional().describe("Default: a point"), ...numbers };
const characters = z.number().int().min(0).max(MOST_CHARACTERS).optional();

/** One kind of column a type, as `column.ts` has them. */
export const columnSchema = z.discriminatedUnion("type", [
  z
    .strictObject({
      type: z.literal("text"),
      ...common,
      min: characters.describe("The fewest characters (code points). Default: 0"),
      max: characters.describe("The most characters (code points). Default: no limit; 1,000 with a pattern"),
      oneOf: z.array(z.string()).min(1).readonly().optional().describe("The only texts that it takes"),
      pattern: z
        .string()
        .max(MOST_PATTERN)
        .regex(/^\^.*\$$/s, { error: "a regular expression for the whole text: ^…$" })
        .optional()
        .describe("A regular expression for the whole text, compiled with the flag u"),
      nul: z.boolean().optional().describe("Whether U+0000 may stand in it: only where no table takes it"),
    })
    .readonly(),
  z
    .strictObject({
      type: z.enum(["integer", "bigint"]),
      ...common,
      min: wholeLimit("The least; from 0 on it takes no sign. Default: the type's"),
      max: wholeLimit("The greatest. Default: the type's"),
      ...numbers,
    })
    .readonly(),
  z
    .strictObject({
      type: z.literal("numeric"),
      ...common,
      precision: z.number(needed).int().min(1).max(MOST_DIGITS).describe("Digits before and behind the point"),
      scale: z
        .number(needed)
        .int()
        .min(0)
        .max(MOST_DIGITS)
        .describe("Digits behind the point: more of them reject the row"),
      min: limit("The least; from 0 on it takes no sign"),
      max: limit("The greatest"),
      ...decimals,
    })
    .readonly(),
  z
    .strictObject({
      type: z.literal("double"),
      ...common,
      min: z.number().optional().describe("The least; from 0 on it takes no sign"),
      max: z.number().optional().describe("The greatest"),
      ...decimals,
    })
    .readonly(),
  z
    .strictObject({
      type: z.enum(["date", "timestamp", "timestamptz"]),
      ...common,
      format: word.optional().describe("How the source writes it, for example DD.MM.YYYY. Default: ISO 8601"),
    })
    .readonly(),
  z.strictObject({ type: z.enum(["boolean", "uuid", "json"]), ...common }).readonly(),
]);
