import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import Papa from "papaparse";
import { parseCsv } from "../../../../../etl/core/csv/csv";
import { CsvError } from "../../../../../etl/core/errors";
import { bytesOf } from "../../../../support/files/bytes";

interface Parsed {
  readonly line: number;
  readonly fields: readonly string[];
  readonly raw: string;
}

async function parse(content: string | Uint8Array, chunk?: number): Promise<Parsed[]> {
  const parsed: Parsed[] = [];
  for await (const batch of parseCsv(bytesOf(content, chunk), { source: "feed" })) {
    batch.rows.forEach((fields, index) => {
      parsed.push({ line: batch.line(index), fields, raw: batch.raw(index) });
    });
  }
  return parsed.filter(({ raw }) => raw !== "");
}

describe("parseCsv", () => {
  test("reads rows with their line and their raw text", async () => {
    const rows = await parse('a,b\n1,"x, ""y"""\n"two\nlines",3\n4,5\n');
    expect(rows).toEqual([
      { line: 1, fields: ["a", "b"], raw: "a,b" },
      { line: 2, fields: ["1", 'x, "y"'], raw: '1,"x, ""y"""' },
      { line: 3, fields: ["two\nlines", "3"], raw: '"two\nlines",3' },
      { line: 5, fields: ["4", "5"], raw: "4,5" },
    ]);
  });

  test("takes a byte order mark, CRLF, blank lines and no newline at the end", async () => {
    const rows = await parse('\uFEFFa,b\r\n\r\n1,"2"\r\n3,4');
    expect(rows.map(({ line, fields }) => [line, ...fields])).toEqual([
      [1, "a", "b"],
      [3, "1", "2"],
      [4, "3", "4"],
    ]);
  });

  test("gives the same rows whatever the chunks", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", "é", "🙂", '"', ",", "\n", "\r", " ", "1"), maxLength: 6 });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (rows, chunk, crlf) => {
        const csv = Papa.unparse(rows, { newline: crlf ? "\r\n" : "\n", quotes: true });
        const parsed = await parse(csv, chunk);
        expect(parsed.map(({ fields }) => fields)).toEqual(rows);
        expect(parsed.map(({ raw }) => raw).join(crlf ? "\r\n" : "\n")).toEqual(csv);
      }),
    );
  });

  test("takes blanks behind a closing quote, wherever it stands", async () => {
    const rows = await parse('"a" ,"b"\t\r\n"c" ,"d" \n"e","f"  ');
    expect(rows.map(({ fields }) => fields)).toEqual([
      ["a", "b"],
      ["c", "d"],
      ["e", "f"],
    ]);
  });

  test.each([
    ['"a\r"', "a\r"],
    ['"a\r"\r', "a\r"],
    ['"a\r" \r', "a\r"],
    ['"""\r"', '"\r'],
    ["a\r", "a"],
    ["a\r\r", "a\r"],
    ['5"\r', '5"'],
  ])("keeps a carriage return that is the field's own: %j", async (raw, value) => {
    const rows = await parse(`x,"q"\n1,${raw}\n2,b\n`);
    expect(rows[1]?.fields).toEqual(["1", value]);
  });

  test("counts lines across chunks", async () => {
    const csv = Array.from({ length: 500 }, (_, index) => `${index},"q${index}"`).join("\n");
    const rows = await parse(csv, 7);
    expect(rows.every(({ line, fields }) => fields[0] === String(line - 1))).toBe(true);
    expect(rows).toHaveLength(500);
  });

  test("names the line of bytes that are not UTF-8", async () => {
    const latin1 = Buffer.from("a,b\n1,2\n3,caf\xe9\n4,5\n", "latin1");
    await expect(parse(latin1, 5)).rejects.toThrow(/not UTF-8 text.*feed, line 3/);
  });

  it.each([
    ["gzip: unpack it,", gzipSync("date,cases\n2020-01-21,1\n")],
    ["zip. Unpack it", Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.from([0x14, 0, 0xff, 0xfe])])],
  ])("says of one that is packed by %s to unpack it", async (packing, bytes) => {
    await expect(parse(bytes, 64)).rejects.toThrow(`It is packed by ${packing}`);
  });

  test("names the line of a quote that is never closed", async () => {
    await expect(parse('a,b\n1,2\n3,"open\n4,5\n')).rejects.toThrow(/never closed.*line 3/);
  });

  test("refuses a row of 10 MB instead of keeping it in memory", async () => {
    const endless = `a,b\n1,${"x".repeat(10_000_000)}\n`;
    await expect(parse(endless, 65_536)).rejects.toThrow(CsvError);
    await expect(parse(endless, 65_536)).rejects.toThrow(/longer than 1 MiB.*line 2/);
  });

  test("gives nothing for an empty source", async () => {
    expect(await parse("")).toEqual([]);
  });
});
