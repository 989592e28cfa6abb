import { chooseKey } from "../../../../../scripts/project/new-feed/choose-key";
import type { GuessedFeed } from "../../../../../scripts/project/new-feed/guess/guess-feed";

const column = (name: string, more: object = {}) => ({
  name,
  column: { type: "text", header: name.toUpperCase(), ...more },
  hasEmpty: false,
  notes: [],
  check: undefined,
  hasUnevenZeros: false,
});
const columns = [
  column("id", { type: "bigint" }),
  column("code"),
  column("amount", { type: "numeric", precision: 5, scale: 2 }),
  { ...column("day", { type: "date", nullable: true }), hasEmpty: true },
] as GuessedFeed["columns"];
const guessed = (...keys: readonly (readonly string[])[]): GuessedFeed => ({
  ...{ csv: {}, columns, leftOut: [], keys: keys.map((names) => ({ columns: names, isProven: true })) },
});
const READING = '3 rows of 1 field: utf-8, delimiter ";", no header';
const nobody = async () => undefined;

describe("the key", () => {
  test.each([
    ["the only one", guessed(["id"]), ["id"]],
    ["no amount where there is anything else", guessed(["id"], ["amount"]), ["id"]],
    ["of two columns", guessed(["id", "code"]), ["id", "code"]],
  ])("is %s", async (_, feed, expected) => {
    expect((await chooseKey(feed, READING, undefined, nobody)).columns).toEqual(expected);
  });

  test("is asked for where several could be it, and the answer is taken", async () => {
    const ask = jest.fn(async (keys: readonly string[]) => keys[1]);

    expect((await chooseKey(guessed(["id"], ["code"]), READING, undefined, ask)).columns).toEqual(["code"]);
    expect(ask).toHaveBeenCalledWith(["id", "code"]);
  });

  test("is named if there is no terminal to ask on", async () => {
    await expect(chooseKey(guessed(["id"], ["code"]), READING, undefined, nobody)).rejects.toThrow(
      /several columns could be the key: got id or code: .*for example --key id\. The file was read as 3 rows of 1 field: utf-8, delimiter ";", no header$/,
    );
  });

  test("is missing where rows are alike", async () => {
    await expect(chooseKey(guessed(), READING, undefined, nobody)).rejects.toThrow(
      /no key was found.*for example --key id,code: .*The file was read as 3 rows of 1 field/,
    );
  });

  test.each([
    [
      ["ID", "code"],
      ["id", "code"],
    ],
    [["amount"], ["amount"]],
  ])("is %j as it is given, by names of the table or of the header", async (given, expected) => {
    expect((await chooseKey(guessed(["id"]), READING, given, nobody)).columns).toEqual(expected);
  });

  test("is the column with just that name in the header, before one with it in the table", async () => {
    const [upper] = columns;
    const alike = { ...guessed(), columns: [upper, { ...column("id_2"), column: { type: "text", header: "id" } }] };

    const choose = async (name: string) => (await chooseKey(alike as GuessedFeed, READING, [name], nobody)).columns;
    expect([await choose("id"), await choose("ID"), await choose("id_2")]).toEqual([["id_2"], ["id"], ["id_2"]]);
  });

  test.each([
    [
      ["none"],
      '--key names no column: got "none", expected one of id, code, amount, day. The file was read as 3 rows of 1 field',
    ],
    [["day"], "A column of --key can be no part of a key: got day, date, empty in some rows"],
  ])("is not %j", async (given, message) => {
    await expect(chooseKey(guessed(["id"]), READING, given, nobody)).rejects.toThrow(message);
  });
});
