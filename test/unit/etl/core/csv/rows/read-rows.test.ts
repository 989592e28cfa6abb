import * as fc from "fast-check";
import Papa from "papaparse";
import { readRows } from "../../../../../../etl/core/csv/rows/read-rows";
import { CsvError } from "../../../../../../etl/core/errors";
import { bytesOf } from "../../../../../support/files/bytes";

interface ReadRow {
  readonly line: number;
  readonly offset: number;
  readonly fields: readonly string[];
  readonly raw: string;
  readonly broken?: string;
}

async function read(content: string | Uint8Array, piece?: number): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  const reading = { bytes: bytesOf(content, piece), source: "feed", role: "feed" };
  for await (const _ of readRows(reading, (row) => {
    const { line, offset, texts: fields, raw, broken } = row;
    if (!row.isBlank) rows.push({ line, offset, fields, raw, ...(broken !== undefined && { broken }) });
  }));
  return rows;
}

describe("readRows", () => {
  test("gives rows with their line, their byte and their raw text", async () => {
    expect(await read('a,é\n1,"x, ""y"""\n"two\nlines",3\n4,5\n', 3)).toEqual([
      { line: 1, offset: 0, fields: ["a", "é"], raw: "a,é" },
      { line: 2, offset: 5, fields: ["1", 'x, "y"'], raw: '1,"x, ""y"""' },
      { line: 3, offset: 18, fields: ["two\nlines", "3"], raw: '"two\nlines",3' },
      { line: 5, offset: 32, fields: ["4", "5"], raw: "4,5" },
    ]);
  });

  test("takes a byte order mark, CRLF, blank lines and no newline at the end", async () => {
    const rows = await read('\uFEFFa,b\r\n\r\n1,"2"\r\n3,4', 2);
    expect(rows.map(({ line, offset, fields }) => [line, offset, ...fields])).toEqual([
      [1, 3, "a", "b"],
      [3, 10, "1", "2"],
      [4, 17, "3", "4"],
    ]);
  });

  test.each(["sep=,\n", "\uFEFFsep=;\r\n", '"sep=,"\n', "SEP=\t\n"])(
    "leaves out Excel's first line %j, and counts it",
    async (first) => {
      const rows = await read(`${first}a,b\nsep=,\n`, 3);
      expect(rows.map(({ line, fields }) => [line, ...fields])).toEqual([
        [2, "a", "b"],
        [3, "sep=", ""],
      ]);
      expect(rows[0]?.offset).toBe(Buffer.byteLength(first));
    },
  );

  test("gives the same rows whatever the pieces", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", "é", "🙂", '"', ",", "\n", "\r", " ", "1"), maxLength: 6 });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (rows, piece, crlf) => {
        const csv = Papa.unparse(rows, { newline: crlf ? "\r\n" : "\n", quotes: true });
        const found = await read(csv, piece);
        expect(found.map(({ fields }) => fields)).toEqual(rows);
        expect(found.map(({ raw }) => raw).join(crlf ? "\r\n" : "\n")).toEqual(csv);
      }),
    );
  });

  test("takes blanks behind a closing quote, wherever it stands, also those that are not ASCII", async () => {
    const rows = await read('"a" ,"b"\t\r\n"c"\u00a0\u3000,"d" \n"e","f"  ');
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
    ["\ra\rb", "\ra\rb"],
    ['5"\r', '5"'],
  ])("keeps a carriage return that is the field's own: %j", async (raw, value) => {
    const rows = await read(`x,"q"\n1,${raw}\n2,b\n`);
    expect(rows[1]?.fields).toEqual(["1", value]);
  });

  test.each([
    ["x,one\r\r\n", "CR CR LF", ["x", "one\r"]],
    ['5",one\r\r\n', "CR CR LF", ['5"', "one\r"]],
    ['"x",5"\r\r\n', "CR CR LF", ["x", '5"\r']],
    ["\rx,one\n", "LF CR", ["\rx", "one"]],
    ['\r"x",one\n', "LF CR", ['\r"x"', "one"]],
    ['x,"one"\r\r\n', undefined, ["x", "one"]],
    ['"x\r","\ro\r\rne\r"\r\n', undefined, ["x\r", "\ro\r\rne\r"]],
    ["x,o\r\rne\n", undefined, ["x", "o\r\rne"]],
  ])("says of %j what its line end is, if a value would have a part of it", async (line, broken, fields) => {
    for (const piece of [1, 4_096]) {
      const [first, row, last] = await read(`a,b\n${line}3,c\n`, piece);
      expect(row?.fields).toEqual(fields);
      expect([first?.broken, row?.broken, last?.broken]).toEqual([undefined, broken, undefined]);
    }
  });

  test("takes blank lines that have a CR more, and one at the end", async () => {
    expect(await read("a,b\n\r\r\n\r\n3,c\n\r")).toMatchObject([{ fields: ["a", "b"] }, { fields: ["3", "c"] }]);
  });

  test("counts lines across pieces", async () => {
    const csv = Array.from({ length: 500 }, (_, index) => `${index},"q${index}"`).join("\n");
    const rows = await read(csv, 7);
    expect(rows.every(({ line, fields }) => fields[0] === String(line - 1))).toBe(true);
    expect(rows).toHaveLength(500);
  });

  test("names the line of bytes that are not UTF-8", async () => {
    const latin1 = Buffer.from("a,b\n1,2\n3,caf\xe9\n4,5\n", "latin1");
    await expect(read(latin1, 5)).rejects.toThrow(/not UTF-8 text.*feed, line 3/);
    await expect(read(latin1)).rejects.toThrow(/not UTF-8 text.*feed, line 3/);
  });

  test("makes one row from a quote that is never closed, and continues with the next line", async () => {
    const rows = await read('a,b\n1,2\n3,"open\n4,5\n');
    expect(rows.slice(2)).toEqual([
      { line: 3, offset: 8, fields: ['3,"open'], raw: '3,"open', broken: "never closed" },
      { line: 4, offset: 16, fields: ["4", "5"], raw: "4,5" },
    ]);
  });

  test("looks for the end of a quoted field 1 MiB far, and at each byte but once", async () => {
    const text = "x\n".repeat(450_000);
    const lines = '1,"open\n'.repeat(20_000) + "2,b\n".repeat(500_000);

    const [row] = await read(`1,"${text}"\n`, 65_536);
    const started = performance.now();
    const rows = await read(lines, 65_536);

    expect(row?.fields[1]).toBe(text);
    expect(rows).toHaveLength(520_000);
    expect(rows.filter(({ broken }) => broken !== undefined)).toHaveLength(20_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test("refuses a line of 10 MB instead of keeping it in memory", async () => {
    const endless = `a,b\n1,${"x".repeat(10_000_000)}\n`;
    await expect(read(endless, 65_536)).rejects.toThrow(CsvError);
    await expect(read(endless, 65_536)).rejects.toThrow(/longer than 1 MiB.*feed, line 2/);
  });

  test("gives nothing for an empty source", async () => {
    expect(await read("")).toEqual([]);
  });
});
