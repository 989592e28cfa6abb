import fc from "fast-check";
import Papa from "papaparse";
import { renderFeed } from "../../../../../scripts/project/config-docs/feed-page";
import { guessFeed, toFeed } from "../../../../../scripts/project/new-feed/guess/guess-feed";
import { profileCsv } from "../../../../../scripts/project/new-feed/profile/profile-csv";
import { writeContract } from "../../../../../scripts/project/new-feed/write/contract-text";

/** Shorter ones stand anywhere by chance. */
const LEAST = 5;
const two = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((number) => String(number).padStart(2, "0"));

/** Values of each type that a column may have, each unlike what samples are made of. */
const VALUES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  words: fc.stringMatching(/^[a-zäöü]{3}[q-z]{4,9}$/),
  choices: fc.constantFrom("pendingx", "shippedx", "returnedx"),
  yes: fc.constantFrom("jawohl", "keinesfalls"),
  numbers: fc.integer({ min: 10_000_000, max: 999_999_999 }).map(String),
  decimals: fc.tuple(fc.integer({ min: 10_000, max: 99_999 }), two(10, 99)).map((parts) => parts.join(".")),
  commas: fc.tuple(fc.integer({ min: 10_000, max: 99_999 }), two(10, 99)).map((parts) => parts.join(",")),
  days: fc.tuple(fc.integer({ min: 1901, max: 1999 }), two(1, 12), two(1, 28)).map((parts) => parts.join("-")),
  german: fc.tuple(two(1, 28), two(1, 12), fc.integer({ min: 1901, max: 1999 })).map((parts) => parts.join(".")),
  mixed: fc.oneof(fc.constant("27.08.1999"), fc.constant("1998/08/27")),
  zeros: fc.integer({ min: 10_000, max: 99_999 }).map((number) => `00${number}`),
  mails: fc.stringMatching(/^[q-z]{5,9}$/).map((name) => `${name}@beispiel.example`),
  uuids: fc.uuid(),
  json: fc.integer({ min: 10_000, max: 99_999 }).map((number) => JSON.stringify({ customer: number })),
  texts: fc.string({ minLength: LEAST, unit: "binary" }).map((text) => text.replaceAll("\0", "x")),
  nothing: fc.constantFrom("", "n/a"),
};

async function* onePiece(text: string) {
  yield Buffer.from(text);
}

test("writes no value of the file: neither into the contract, nor its sample, nor its page", async () => {
  const names = Object.keys(VALUES);
  const row = fc.tuple(...Object.values(VALUES));
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 2, maxLength: 30 }),
      fc.constantFrom(",", ";", "\t"),
      async (rows, delimiter) => {
        // Prepare
        const text = Papa.unparse([["id", ...names], ...rows.map((fields, at) => [`k${at}`, ...fields])], {
          delimiter,
          newline: "\n",
        });

        // Act
        const profile = await profileCsv(onePiece(`${text}\n`), "a.csv");
        const guessed = guessFeed(profile);
        const feed = toFeed(guessed, { name: "made-up", table: "made_up" }, ["id"]);
        const contract = writeContract({ variable: "madeUpFeed", feed, guessed, rows: profile.rows, keyNote: "given" });
        const written = `${contract}${renderFeed(feed)}`;

        // Assess
        const leaked = rows.flat().filter((value) => value.trim().length >= LEAST && written.includes(value));
        expect(leaked).toEqual([]);
        expect(profile.delimiter).toBe(delimiter);
      },
    ),
    { numRuns: 100, seed: 20_260_105 },
  );
}, 60_000);
