import fc from "fast-check";
import Papa from "papaparse";
import type { Feed } from "../../../../../etl/core/contract/contract";
import { checkFeed } from "../../../../../etl/core/contract/schema/check-contract";
import { checkRows } from "../../../../../etl/core/csv/check-rows";
import { CsvError } from "../../../../../etl/core/errors";
import type { Bytes } from "../../../../../etl/core/ports";
import { guessFeed, toFeed } from "../../../../../scripts/project/new-feed/guess/guess-feed";
import { profileCsv } from "../../../../../scripts/project/new-feed/profile/profile-csv";
import { encodeText } from "../../../../../scripts/project/new-feed/write/encode-text";
import { makeSample } from "../../../../../scripts/project/samples/contract-sample";

/** What a contract makes of a file. */
async function readBy(contract: Feed, file: Buffer) {
  const rejected: string[] = [];
  const tally = { rows: 0 };
  const lineBreaks = contract.quotedLineBreaks === true ? "keep" : "reject";
  const onRejected = ({ reason }: { readonly reason: string }) => rejected.push(reason);
  const reading = { contract, tally, lineBreaks, bytes: pieces(file), source: "a.csv", onRejected } as const;
  for await (const _ of checkRows(reading, (row, columns) => columns.explain(row)));
  return { rows: tally.rows, rejected };
}

async function* pieces(bytes: Buffer): Bytes {
  for (let at = 0; at < bytes.length; at += 11) yield bytes.subarray(at, at + 11);
}

function putQuote(text: string, at: number): string {
  return `${text.slice(0, at)}"${text.slice(at)}`;
}

/** What columns of real files hold; one of these lists, or two, is a column. */
const KINDS: readonly (readonly string[])[] = [
  ["1", "0", "-7", "+5", "007", "9007199254740993", "18446744073709551616", "2147483648"],
  ["1.5", "-0.25", ".5", "1.", "12.125", "1e5", "1.5E-7", "NaN", "1234567890123456789.12"],
  ["1,5", "1.234,50", "-7,00", "1 234,5", "1'234", "1,234.50", "1,234", "0,125", "12,34"],
  ["(12.50)", "5 %", "€ 5", "5-", " 5", "5 "],
  [
    "2026-01-05",
    "2026-02-30",
    "2026-1-5",
    "20260105",
    "0000-00-00",
    "05.01.2026",
    "1/2/2026",
    "13/2/2026",
    "2/13/2026",
  ],
  ["2026-01-05T10:00:00Z", "2026-01-05 10:00:00", "2026-01-05 10:00:00.1234567", "5.1.2026 7:05", "1/2/2026 7:05 PM"],
  ["true", "FALSE", "yes", "N", "t", "0", "1", "ja"],
  ["", "NULL", "n/a", "-", "\\N", "?", " "],
  ["1a2b3c4d-0000-4000-8000-000000000001", "{1a2b3c4d00004000800000000000000a}", "xyz"],
  ['{"a":1}', "[1]", '{"a":', '{"a":"\\u0000"}'],
  ["x, y", "a;b", "a\tb", "a|b", 'say "no"', "two\nlines", "Müller", "\u00a0", "\\.", "#", "'quoted'"],
];
const kind = fc.constantFrom(...KINDS);
const cells = fc.tuple(kind, kind, fc.boolean()).map(([one, other, areTwo]) => (areTwo ? [...one, ...other] : one));
const file = fc.record({
  columns: fc.array(cells, { minLength: 1, maxLength: 6 }),
  picks: fc.array(fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 12 }),
  delimiter: fc.constantFrom(",", ";", "\t", "|"),
  newline: fc.constantFrom("\n", "\r\n"),
  hasHeader: fc.boolean(),
  quotes: fc.boolean(),
  /** Where a stray quote is put. */
  strays: fc.array(fc.nat(), { maxLength: 2 }),
});

test("takes each row of the file that it was made from, whatever is in it, and of its sample", async () => {
  await fc.assert(
    fc.asyncProperty(file, async ({ columns, picks, delimiter, newline, hasHeader, quotes, strays }) => {
      // Prepare
      const rows = picks.map((pick) => columns.map((values, at) => values[(pick[at] ?? 0) % values.length] ?? ""));
      const header = columns.map((_, at) => `name ${at}`);
      const written = Papa.unparse(hasHeader ? [header, ...rows] : rows, { delimiter, newline, quotes });
      const text = strays.reduce((whole, stray) => putQuote(whole, stray % (whole.length + 1)), written);

      // Act
      const profile = await profileCsv(pieces(Buffer.from(text)), "a.csv").catch((error) => {
        if (error instanceof CsvError) return undefined;
        throw error;
      });
      // What is refused is told: nothing but blanks, a title over rows, a sign that looks like a delimiter.
      fc.pre(profile !== undefined);
      const guessed = guessFeed(profile);
      fc.pre(guessed.columns.length > 0);
      const key = guessed.columns.find(({ column, hasEmpty }) => !hasEmpty && column.type !== "json")?.name;
      fc.pre(key !== undefined);
      const contract = checkFeed(toFeed(guessed, { name: "made-up", table: "made_up" }, [key]));
      const taken = await readBy(contract, Buffer.from(text));
      const sample = await readBy(contract, encodeText(makeSample(contract), contract.encoding));

      // Assess
      expect(taken.rejected.slice(profile.broken)).toEqual([]);
      expect(taken.rows).toBe(profile.rows + profile.broken);
      expect(sample).toEqual({ rows: 3, rejected: [] });
    }),
    { numRuns: 300, seed: 20_260_105 },
  );
}, 120_000);
