import { guessFeed, withKey } from "../../../../../scripts/project/new-feed/guess/guess-feed";
import { profileCsv } from "../../../../../scripts/project/new-feed/profile/profile-csv";

async function guess(content: string) {
  async function* bytes() {
    yield Buffer.from(content);
  }
  return guessFeed(await profileCsv(bytes(), "a.csv"));
}

/** The guess for a column `v` of these values beside others, in a file with semicolons. */
async function guessColumn(values: readonly string[], others: Readonly<Record<string, readonly string[]>> = {}) {
  const header = ["id", "v", ...Object.keys(others)].join(";");
  const rows = values.map((value, at) =>
    [`k${at}x`, value, ...Object.values(others).map((column) => column[at])].join(";"),
  );
  const { columns } = await guess(`${[header, ...rows].join("\n")}\n`);
  const found = columns.find(({ name }) => name === "v");
  return { type: found?.column, notes: found?.notes.join("; ") ?? "", check: found?.check };
}

describe("a mark that may be decimal or between thousands", () => {
  const either = [["3.140", "12.500"], ["3,140", "12,500"], ["750.125"]];

  test.each(either)("makes the column text where nothing shows which: %j", async (...values) => {
    const { type, notes } = await guessColumn(values);

    expect(type).toEqual({ type: "text" });
    expect(notes).toContain("either decimal or between thousands: text, until you set type");
  });

  test.each([
    ["3.140", "1.5", "8.25", { type: "numeric", scale: 3 }],
    ["3.140", "1,5", "8,25", { type: "integer", thousands: "." }],
    ["3.140", "2.120,70 €", "9,10 €", { type: "integer", thousands: "." }],
    ["3,140", "(2.120,70)", "5,00-", { type: "numeric", decimal: ",", scale: 3 }],
    ["3,140", "EUR 2,120.70", "EUR 8.10", { type: "integer", thousands: "," }],
    ["3,140", "12,5 %", "3,25%", { type: "numeric", decimal: ",", scale: 3 }],
  ])("of %s is that of another column: %s, %s", async (value, one, other, expected) => {
    const { type, notes, check } = await guessColumn([value, "12.500".replace(".", value[1] ?? "")], {
      price: [one, other],
    });

    expect(type).toMatchObject(expected);
    expect(notes).toContain("as price has it: check it");
    expect(check).toContain("price");
  });

  test("is nobody's where two columns contradict each other", async () => {
    const { type } = await guessColumn(["3.140", "2.000"], { a: ["1,5", "2,5"], b: ["1.5", "2.5"] });

    expect(type).toEqual({ type: "text" });
  });

  test("is a point where commas are between fields, which a person should check", async () => {
    const { columns } = await guess('id,v,w\nk1,3.140,"3,140"\nk2,2.500,"12,500"\n');

    expect(columns.map(({ column, check }) => [column, check])).toEqual([
      [{ type: "text" }, undefined],
      [expect.objectContaining({ type: "numeric", scale: 3 }), "its mark is decimal as the delimiter has it"],
      [
        expect.objectContaining({ type: "integer", thousands: "," }),
        "its mark is between thousands as the delimiter has it",
      ],
    ]);
  });
});

test.each([
  [["501 220 148", "733 901 555"], "codes, telephone numbers or numbers"],
  [["300.410.500", "300.410.777"], "codes, telephone numbers or numbers"],
  [["77_310", "12_999"], "codes, telephone numbers or numbers"],
  [["4E3", "17E2", "90E1"], "codes or numbers with exponents"],
  [["98765432109876543", "2.5E3"], "more digits than a double keeps"],
  [["0.5", "1e-9", "987654321.987654321"], "more digits than a double keeps"],
  [["(2.120,70) €", "$ (9,10)", "-5,00 EUR"], "signs of a currency, brackets"],
  [["\u22121.5", "2.5"], "minus signs that are no hyphens"],
  [["7’310.50", "99.00"], "typographic apostrophes"],
  [["14h30", "9h05"], "times of day"],
  [["14:30:00", "09:05:59.25"], "times of day"],
  [["2:30 PM", "11:05 AM"], "times of day"],
  [["2026-W07", "2026-W48"], "weeks, months or durations"],
  [["2026-07", "2026-08"], "weeks, months or durations"],
  [["PT2H30M", "P3D"], "weeks, months or durations"],
  [["ja", "nein"], "words for true and false"],
  [["on", "off"], "words for true and false"],
])("%j is text, and its comment says why", async (values, why) => {
  const { type, notes } = await guessColumn(values);

  expect(type).toEqual({ type: "text" });
  expect(notes).toContain(why);
});

test.each([
  [["1 234 567", "980", "12 000"], { type: "integer", thousands: " " }],
  [["12 000", "73 500", "980"], { type: "integer", thousands: " " }],
  [["1.234.567", "2.345"], { type: "integer", thousands: "." }],
  [["12'500", "73'000"], { type: "integer", thousands: "'" }],
  [["1,234,567", "2,345,678"], { type: "integer", thousands: "," }],
  [["1.5E3", "2.25e-7"], { type: "double" }],
  [["1e-07", "2e+10"], { type: "double" }],
  [["0.30000000000000004", "1e-7"], { type: "double" }],
  [["0.1000000000000000055", "0.2"], { type: "numeric" }],
])("%j are numbers", async (values, expected) => {
  expect((await guessColumn(values)).type).toMatchObject(expected);
});

test("times of day below a number are not called so", async () => {
  expect((await guessColumn(["7", "10:30", "11:45"])).notes).not.toContain("times of day");
});

describe("a few values of another kind", () => {
  test.each([
    ["a row of totals", ["1", "2", "3", "Total"], "numbers but for 1 value, the first in line 5"],
    ["a word in the first row", ["unknown", "1", "2", "3"], "numbers but for 1 value, the first in line 2"],
    [
      "another form",
      [...Array.from({ length: 9 }, (_, at) => `2026-01-0${at + 1}`), "31.01.2026", "30.01.2026"],
      "days or times but for 2 values, the first in line 11: days or times in more than one form",
    ],
    ["a sign", ["1.50", "2.25", "3.75", "€ 4"], "numbers but for 1 value, the first in line 5"],
  ])("is told with its line: %s", async (_, values, note) => {
    const { type, notes, check } = await guessColumn(values);

    expect(type).toEqual({ type: "text" });
    expect(notes).toContain(note);
    expect(check).toContain(/line \d+/.exec(note)?.[0]);
  });

  test.each([[["a", "b", "1"]], [["1", "b2", "c3", "d4", "e5", "6"]], [["x"]]])(
    "%j are no exceptions",
    async (values) => {
      expect((await guessColumn(values)).check).toBeUndefined();
    },
  );
});

test("an order of day and month that another column shows is told with its name", async () => {
  const { type, notes, check } = await guessColumn(["03/04/1980", "05/06/1975"], {
    shipped: ["01/31/2026", "02/28/2026"],
  });

  expect(type).toMatchObject({ type: "date", format: "MM/DD/YYYY" });
  expect(notes).toContain("is taken from shipped: check it");
  expect(check).toContain("shipped");
});

test("eight digits that are days, in a column that is not named so, are to be checked", async () => {
  const { type, check } = await guessColumn(["20260105", "20260106", "20260207"]);

  expect(type).toEqual({ type: "date", format: "YYYYMMDD" });
  expect(check).toBe("eight digits are taken for days");
});

test("numbers with and without zeros at their end are text in a key, and numbers elsewhere", async () => {
  const guessed = await guess("version,price\n2.1,3.5\n2.10,3\n2.2,3.50\n");
  const typesOf = ({ columns }: typeof guessed) => columns.map(({ column }) => column.type);

  expect(typesOf(guessed)).toEqual(["numeric", "numeric"]);
  expect(typesOf(withKey(guessed, ["version"]))).toEqual(["text", "numeric"]);
  expect(typesOf(withKey(await guess("version,price\n2,1\n2.0,1\n"), ["version"]))).toEqual(["text", "integer"]);
  expect(withKey(guessed, ["version"]).columns[0]?.notes).toEqual([expect.stringContaining("zeros at their end")]);
});

test.each(["zip", "PLZ", "Postal Code", "ean", "ISBN", "phone", "konto_nr", "tax_id"])(
  "digits of %s are text, though none begins with a zero",
  async (name) => {
    const { columns } = await guess(`id,${name}\nk1,12134\nk2,90210\n`);

    expect(columns[1]?.column.type).toBe("text");
    expect(columns[1]?.notes[0]).toContain("may begin with zeros");
  },
);

test("addresses of the internet are no days", async () => {
  expect((await guessColumn(["10.0.0.1", "192.168.1.2"])).notes).not.toContain("days");
});

test.each(["Kontonummer", "steuer_id", "SteuerNr", "account_no", "Kontakt", "Ansprechpartner", "contact_phone"])(
  "a column %s is sensitive",
  async (name) => {
    const { columns } = await guess(`id,${name}\nk1,x\nk2,y\n`);

    expect(columns[1]?.column).toMatchObject({ sensitive: true });
  },
);
