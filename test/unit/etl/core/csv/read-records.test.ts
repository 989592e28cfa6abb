import { type CsvContract, defineCsv } from "../../../../../etl/core/contract/contract";
import type { RecordOf } from "../../../../../etl/core/contract/types";
import { readRecords } from "../../../../../etl/core/csv/read-records";
import type { RejectedRow } from "../../../../../etl/core/csv/rejected-row";
import { bytesOf } from "../../../../support/files/bytes";

const count = { type: "bigint", min: 0, max: Number.MAX_SAFE_INTEGER } as const;
const cases = defineCsv({
  columns: {
    day: { type: "date", header: "Day" },
    count: { ...count, header: "Count" },
    maybe: { ...count, nullable: true, header: "Maybe" },
    name: { type: "text", header: "Name" },
  },
});

async function read(csv: string, contract: CsvContract = cases) {
  const rejected: RejectedRow[] = [];
  const tally = { rows: 0 };
  const records: RecordOf<CsvContract>[] = [];
  const options = {
    ...{ source: "feed", role: "feed" },
    bytes: bytesOf(csv),
    contract,
    tally,
    onRejected: (row: RejectedRow) => rejected.push(row),
    isInScope: (text: (column: string) => string) => text("name") !== "other",
  };
  for await (const batch of readRecords(options)) records.push(...batch);
  return { records, rejected, rows: tally.rows };
}

describe("readRecords", () => {
  test("finds columns by name, ignores others, and reads empty as unknown where it may", async () => {
    const { records, rejected, rows } = await read("Extra,Name,Maybe,Count,Day\nx,n,,9007199254740991,2024-02-29\n");
    expect(records).toEqual([{ day: "2024-02-29", count: 9007199254740991, maybe: null, name: "n" }]);
    expect({ rejected, rows }).toEqual({ rejected: [], rows: 1 });
  });

  test.each([
    ["2020-02-30,1,1,n", 'Day: got "2020-02-30", expected a calendar day as YYYY-MM-DD'],
    ["0000-01-01,1,1,n", 'Day: got "0000-01-01", expected a calendar day as YYYY-MM-DD'],
    ["2020-01-01,-5,1,n", 'Count: got "-5", expected a whole number from 0 to 9007199254740991'],
    ["2020-01-01,1.5,1,n", 'Count: got "1.5", expected a whole number from 0 to 9007199254740991'],
    ["2020-01-01,1e400,1,n", 'Count: got "1e400", expected a whole number from 0 to 9007199254740991'],
    ["2020-01-01,9007199254740992,1,n", 'Count: got "9007199254740992", expected a whole number'],
    ["2020-01-01,,1,n", "Count: got nothing, expected a whole number from 0 to 9007199254740991"],
    ["2020-01-01,1,x,n", 'Maybe: got "x", expected a whole number from 0 to 9007199254740991, or nothing'],
    ["2020-01-01,1,1,a\0b", 'Name: got "a\\u0000b", expected text without a NUL character'],
    ["'; DROP TABLE covid_daily; --,1,1,n", 'Day: got "\'; DROP TABLE covid_daily; --", expected a calendar day'],
    ["2020-01-01,1,1", "got 3 fields, expected 4 as in the header"],
    ["2020-01-01,1,1,n,more", "got 5 fields, expected 4 as in the header"],
    ['"2020-01-01"x",1,1,n', "A quoted field continues after its quote: got "],
  ])("rejects %j and says why", async (row, reason) => {
    const { records, rejected } = await read(`Day,Count,Maybe,Name\n2020-01-01,1,1,fine\n${row}\n`);
    expect(records).toHaveLength(1);
    const header = ["Day", "Count", "Maybe", "Name"];
    expect(rejected).toEqual([{ source: "feed", line: 3, reason: expect.stringContaining(reason), raw: row, header }]);
  });

  test("names both columns where two are wrong, and cuts a long raw text", async () => {
    const { rejected } = await read(`Day,Count,Maybe,Name\nx,y,1,${"n".repeat(5_000)}\n`);
    expect(rejected[0]?.reason).toMatch(/Day: got "x".*; Count: got "y"/);
    expect(rejected[0]?.raw).toHaveLength(1_000);
  });

  test("does not check rows out of scope, but counts them", async () => {
    const { records, rejected, rows } = await read("Day,Count,Maybe,Name\nnonsense,-1,1,other\n");
    expect({ records, rejected, rows }).toEqual({ records: [], rejected: [], rows: 1 });
  });

  test.each([
    ["", /empty.*header with Day, Count, Maybe, Name.*feed/],
    ["\n\n", /empty/],
    ["Day,Count,Name\n", /no column Maybe.*"Day,Count,Name".*feed, line 1/],
    ["Day,Count,Maybe,Name,Day\n", /column Day twice/],
    ["<!DOCTYPE html>\n<html></html>\n", /no column Day.*web page/],
    ['[{"Day":"2020-01-01"}]\n', /no column Day.*JSON/],
    ["%PDF-1.4\n", /no column Day.*a PDF/],
    [`PK\u0005\u0006${"\0".repeat(18)}`, /no column Day.*empty zip/],
    ["Day;Count;Maybe;Name\n", /no column Day.*delimiter: ";"/],
    ["Day\tCount\tMaybe\tName\n", /no column Day.*delimiter: "\\t"/],
    ["Day,Count,Maybe,Name\r2020-01-01,1,1,a\r", /CR only/],
    ["sep=;\nDay;Count;Maybe;Name\n", /no column Day.*delimiter: ";"/],
    ["\nsep=;\nDay;Count;Maybe;Name\n", /sep= line/],
    ["sep=;\n", /empty/],
    ["2020-01-01,1,,a\n", /no column Day.*no header, add one, or set header: false in the contract/],
    ["Day,count,Maybe,Name\n", /no column Count.*Count in another case/],
    ['"Day,Count,Maybe,Name\n', /header has a broken quote.*feed, line 1/],
  ])("refuses %j", async (csv, message) => {
    await expect(read(csv)).rejects.toThrow(message);
  });

  const noHeader = defineCsv({ header: false, columns: { a: { type: "text" }, b: { type: "text" } } });
  const named = defineCsv({ columns: { a: { type: "text" }, b: { type: "text" } } });

  test.each([
    ["CR CR LF", "line 1", "a,b\r\r\n1,x\r\r\n"],
    ["CR CR LF", "line 1", '"a",b\r\r\n1,x\r\n'],
    ["CR CR LF", "line 2", "a,b\n1,x\r\r\n2,y\r\r\n"],
    ["LF CR", "line 2", "a,b\n\r1,x\n\r"],
  ])("refuses a source whose lines end in %s by %s: %j", async (lineEnd, line, csv) => {
    await expect(read(csv, named)).rejects.toThrow(
      `The lines of this file end in ${lineEnd}: expected LF or CRLF (feed, ${line}). Convert the line ends of this file to LF`,
    );
  });

  test.each(["1,x\r\r\n2,y\r\r\n", "\r1,x\n\r2,y\n\r"])(
    "rejects each such row of a source without a header: %j",
    async (csv) => {
      const { records, rejected } = await read(csv, noHeader);
      expect(records).toEqual([]);
      expect(rejected.map(({ reason }) => reason)).toEqual(
        Array(2).fill(expect.stringContaining("Convert the line ends")),
      );
    },
  );

  test("rejects a later row whose line ends so, and takes a CR within quotes", async () => {
    const { records, rejected } = await read('a,b\n1,x\n2,y\r\r\n\r3,z\n"4\r","\rz\r"\r\n5,"v"\r\r\n', named);
    expect(records).toEqual([
      { a: "1", b: "x" },
      { a: "4\r", b: "\rz\r" },
      { a: "5", b: "v" },
    ]);
    expect(rejected).toMatchObject([
      {
        line: 3,
        reason: expect.stringMatching(/^The line ends in CR CR LF: got "2,y\\r", expected LF or CRLF\. Convert/),
      },
      { line: 4, reason: expect.stringMatching(/^The line begins with CR, as after LF CR: got "\\r3,z", expected/) },
    ]);
  });

  test("shows a header between the delimiters that it has", async () => {
    const tabs = { ...cases, delimiter: "\t" };
    await expect(read("Day\tCount\tName\n", tabs)).rejects.toThrow(/got "Day\\tCount\\tName"/);
  });

  test("rejects the header of a source whose contract says that there is none", async () => {
    const texts = defineCsv({
      header: false,
      columns: { a: { type: "text" }, b: { type: "text", header: ["B", "b2"] } },
    });
    const isHeader = { reason: expect.stringMatching(/it is a header.*set header: true/), line: 1 };
    expect(await read("a,B\n1,2\n", texts)).toMatchObject({ records: [{ a: "1", b: "2" }], rejected: [isHeader] });
    expect(await read("\ufeffa, b2\r\n1,2\n", texts)).toMatchObject({ rejected: [isHeader] });
    expect(await read("a,other\na,B\n", texts)).toMatchObject({ rejected: [] });
  });

  test("refuses a file of rejected rows, whether its contract has a header or not", async () => {
    const texts = defineCsv({ header: false, columns: { a: { type: "text" } } });
    const csv = "\ufeffMillrace_Row,millrace_reason,a\r\n1,x,2\r\n";

    for (const contract of [texts, cases]) {
      await expect(read(csv, contract)).rejects.toThrow(/file of rejected rows, not a source.*line 1/);
    }
    expect(await read("b\nmillrace_row\n", texts)).toMatchObject({ rejected: [] });
  });
});
