import type { Feed } from "../../../../../etl/core/contract/contract";
import { fingerprintOf, strictnessOf } from "../../../../../etl/feeds/ledger/fingerprint";

const feed: Feed = {
  name: "sales",
  table: "sales",
  columns: {
    id: { type: "bigint" },
    amount: { type: "numeric", precision: 10, scale: 2, header: ["Amount", "Sum"] },
    size: { type: "text", oneOf: ["S", "M"], nullable: true, nullText: ["-", "n/a"] },
  },
  key: ["id"],
};
const { id, amount, size } = feed.columns as Required<typeof feed.columns>;
const withColumns = (columns: object): Feed => ({ ...feed, columns: { ...feed.columns, ...columns } });

describe("the fingerprint of a contract", () => {
  test("is kept in the ledger for good: a new way to make it would read as a change of every contract", () => {
    expect([fingerprintOf(feed), strictnessOf(feed)]).toEqual([
      "33c92bec994a8c0443281ac2e0800f9c",
      "eb6061baa6d575f7c29b63fb44f41a68",
    ]);
  });

  test.each<[string, Feed]>([
    ["another name", { ...feed, name: "other" }],
    ["another table", { ...feed, table: "shop.sales" }],
    ["columns in another order", { ...feed, columns: { size, amount, id } as Feed["columns"] }],
    [
      "defaults that are written out",
      { ...feed, header: true, delimiter: ",", encoding: "utf-8", quotedLineBreaks: false },
    ],
    [
      "options of a column that are written out",
      withColumns({ amount: { ...amount, nullable: false, decimal: ".", expected: undefined } }),
    ],
    ["other words for what is expected", withColumns({ id: { ...id, expected: "a number" } })],
    ["secrecy", withColumns({ id: { ...id, sensitive: true } })],
    ["choices in another order", withColumns({ size: { ...size, oneOf: ["M", "S"], nullText: ["n/a", "-"] } })],
    ["headers in another order", withColumns({ amount: { ...amount, header: ["Sum", "Amount"] } })],
    ["its own name as the header", withColumns({ id: { ...id, header: "id" } })],
    ["a limit", { ...feed, maxRejected: { rows: 7 } }],
  ])("stays with %s", (_what, other) => {
    expect(fingerprintOf(other)).toBe(fingerprintOf(feed));
  });

  test.each<[string, Feed]>([
    ["one more column", withColumns({ more: { type: "text", nullable: true } })],
    ["another type", withColumns({ id: { type: "integer" } })],
    ["another limit of a column", withColumns({ id: { ...id, max: 5 } })],
    ["another scale", withColumns({ amount: { ...amount, scale: 3 } })],
    ["another choice", withColumns({ size: { ...size, oneOf: ["S"] } })],
    ["another text for NULL", withColumns({ size: { ...size, nullText: "-" } })],
    ["no NULL", withColumns({ size: { type: "text", oneOf: ["S", "M"] } })],
    ["another header", withColumns({ amount: { ...amount, header: "Sum" } })],
    ["a decimal comma", withColumns({ amount: { ...amount, decimal: "," } })],
    ["another key", { ...feed, key: ["id", "amount"] }],
    ["another delimiter", { ...feed, delimiter: ";" }],
    ["another encoding", { ...feed, encoding: "utf-16" }],
    ["line breaks in quotes", { ...feed, quotedLineBreaks: true }],
    ["no header", { ...feed, header: false }],
  ])("changes with %s", (_what, other) => {
    expect(fingerprintOf(other)).not.toBe(fingerprintOf(feed));
    expect(strictnessOf(other)).not.toBe(strictnessOf(feed));
  });

  test("without a header, the order of the columns is of it", () => {
    const columns = { size, amount, id } as Feed["columns"];
    expect(fingerprintOf({ ...feed, header: false, columns })).not.toBe(fingerprintOf({ ...feed, header: false }));
  });

  test.each<[string, Feed]>([
    ["another limit", { ...feed, maxRejected: { rows: 7 } }],
    ["columns that are refused", { ...feed, unknownColumns: "fail" }],
  ])("of what rejects an object, changes with %s", (_what, other) => {
    expect(strictnessOf(other)).not.toBe(strictnessOf(feed));
  });

  test("of what rejects an object, stays with what is the default, or warns", () => {
    expect(strictnessOf({ ...feed, maxRejected: { rows: 0 }, unknownColumns: "warn" })).toBe(strictnessOf(feed));
  });
});
