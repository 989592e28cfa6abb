import * as z from "zod";
import { THOUSANDS } from "../fields/number-format";

/** The maximum length of PostgreSQL's varchar. */
const MOST_CHARACTERS = 10_485_760;
/** NUMERIC_MAX_PRECISION (PostgreSQL manual, "Numeric Types"). */
const MOST_DIGITS = 1_000;
const MOST_PATTERN = 200;

const ROUNDED = "a whole number, as text if JavaScript would round it";

const DECIMAL = "a decimal number, as text if JavaScript would write an exponent";
const BOTH = "a whole number: numeric needs precision (all digits) and scale (those after the point)";
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
  expected: word.optional().describe("The expected value in messages. Default: from type and limits"),
};

const limitOf = (number: z.ZodNumber, text: RegExp, error: string) =>
  z.union([number, z.string().regex(text, { error })], { error }).optional();
const limit = limitOf(z.number(), /^-?\d+(\.\d+)?$/, DECIMAL);
const wholeLimit = limitOf(z.int({ error: ROUNDED }), /^-?\d+$/, ROUNDED);
const numbers = {
  thousands: z.enum(THOUSANDS).optional().describe("The mark between groups of three digits. Default: none"),
};
const decimals = { decimal: z.enum([".", ","]).optional().describe("Default: a point"), ...numbers };
const characters = z.number().int().min(0).max(MOST_CHARACTERS).optional();

/** The columns of some types, with their own options. */
const kind = <Type extends z.ZodEnum | z.ZodLiteral, Options extends z.ZodRawShape>(type: Type, options: Options) =>
  z.strictObject({ type, ...common, ...options }).readonly();

/** One kind of column per type, like in `column.ts`. */
export const columnSchema = z.discriminatedUnion("type", [
  kind(z.literal("text"), {
    min: characters.describe("The fewest characters (code points). Default: 0"),
    max: characters.describe("The most characters (code points). Default: no limit; 1,000 with a pattern"),
    oneOf: z.array(z.string()).min(1).readonly().optional().describe("The only allowed texts"),
    pattern: z
      .string()
      .max(MOST_PATTERN)
      .regex(/^\^.*\$$/s, { error: "a regular expression for the whole text: ^…$" })
      .optional()
      .describe("A regular expression for the whole text, compiled with the flag u"),
    nul: z.boolean().optional().describe("Whether it may contain U+0000: only if it goes into no table"),
  }),
  kind(z.enum(["integer", "bigint"]), {
    min: wholeLimit.describe("The minimum; from 0 on, a sign is not allowed. Default: the type's"),
    max: wholeLimit.describe("The maximum. Default: the type's"),
    ...numbers,
  }),
  kind(z.literal("numeric"), {
    precision: z.number(needed).int().min(1).max(MOST_DIGITS).describe("Digits before and after the point"),
    scale: z
      .number(needed)
      .int()
      .min(0)
      .max(MOST_DIGITS)
      .describe("Digits after the point: more of them reject the row"),
    min: limit.describe("The minimum; from 0 on, a sign is not allowed"),
    max: limit.describe("The maximum"),
    ...decimals,
  }),
  kind(z.literal("double"), {
    min: z.number().optional().describe("The minimum; from 0 on, a sign is not allowed"),
    max: z.number().optional().describe("The maximum"),
    ...decimals,
  }),
  kind(z.enum(["date", "timestamp", "timestamptz"]), {
    format: word.optional().describe("The source's format, for example DD.MM.YYYY. Default: ISO 8601"),
  }),
  kind(z.enum(["boolean", "uuid", "json"]), {}),
]);
