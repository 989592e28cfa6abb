import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import Papa from "papaparse";
import type { Feed } from "../../../../etl/core/contract/contract";
import { CsvError } from "../../../../etl/core/errors";
import { encodeChunk } from "../../../../etl/feeds/load/read-chunk";
import { MemoryRangedObjects } from "../../../support/fakes/memory-ranged-objects";
import { linesOf, pairs, readChunks, readEachLine } from "../../../support/feeds/read-chunks";

const text = (maxLength: number, ...more: string[]) =>
  fc.string({ unit: fc.constantFrom("a", "é", "🙂", '"', ",", " ", "1", "\\", "\t", "'", "\r", ...more), maxLength });
const row = (...more: string[]) =>
  fc.tuple(
    text(6, ...more).map((key) => `k${key}`),
    fc.oneof(fc.constant(""), fc.integer().map(String)),
    text(6, ...more),
  );
const table = (...more: string[]) => fc.array(row(...more), { maxLength: 12 });
const cutsOf = (length: number) => fc.array(fc.nat(length), { maxLength: 8 }).map((cuts) => cuts.sort((a, b) => a - b));

describe("the chunks of an object", () => {
  const csvOf = (rows: readonly (readonly string[])[], quotes: boolean) =>
    rows.map((fields) => Papa.unparse([[...fields]], { quotes, newline: "\n" }));

  test.each([[true], [false]])("give together what one pass gives, whatever the cuts (header: %s)", async (header) => {
    const given = fc.record({
      rows: table(),
      ...{ quotes: fc.boolean(), newline: fc.constantFrom("\n", "\r\n"), open: fc.boolean(), mark: fc.boolean() },
      piece: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(given, fc.gen(), async ({ rows, quotes, newline, open, mark, piece }, gen) => {
        const csv = csvOf(rows, quotes);
        const head = `${mark ? "\uFEFF" : ""}${header ? `note,other,key,count${newline}` : ""}`;
        const columns = csv.map((line, index) => (header ? shuffle(rows[index] ?? [], quotes) : line));
        const body = columns.map((line) => line + newline).join("");
        const whole = head + (open ? body.slice(0, body.length - newline.length) : body);
        const cuts = gen(() => cutsOf(Buffer.byteLength(whole)));

        const { lines, rejected } = await readChunks(whole, cuts, { header }, piece);

        expect(rejected).toEqual([]);
        expect(lines).toBe(linesOf(rows, columns, Buffer.byteLength(head), newline));
      }),
      { numRuns: 400 },
    );
  });

  test.each([",", ";", "|", "\t", " ", "-", "1", "N", "'"])(
    "hold every byte within quotes, the delimiter %j and those that COPY knows",
    async (delimiter) => {
      const field = fc.string({ unit: fc.constantFrom("a", "\\", "\t", "\r", "N", ".", '"', delimiter), maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(fc.array(field), fc.boolean(), async (notes, quotedLineBreaks) => {
          const rows = notes.map((note, index) => [`k${index}`, "7", note]);
          const csv = rows.map((fields) => Papa.unparse([[...fields]], { quotes: true, delimiter }));

          const { lines, rejected } = await readChunks(csv.join("\n"), [], {
            delimiter,
            quotedLineBreaks,
            header: false,
          });

          expect(rejected).toEqual([]);
          expect(lines).toBe(linesOf(rows, csv, 0, "\n"));
        }),
      );
    },
  );

  test.each([
    ["line by line", {}],
    ["with quoted line breaks", { quotedLineBreaks: true }],
  ])("take blanks behind a closing quote, at the end of a line and of the object, %s", async (_how, changes) => {
    const { lines, rejected } = await readChunks('k1,1,"a" \nk2 ,2,"b"\t\r\nk3,3,"c"  ', [], {
      header: false,
      ...changes,
    });

    expect(rejected).toEqual([]);
    expect(lines.replace(/\t\d+\n/g, "\n")).toBe("k1\t1\ta\nk2 \t2\tb\nk3\t3\tc\n");
  });

  test("find a column wherever it stands in a header of 5,000", async () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `c${index}`);
    names[4_000] = "key";
    names[4_998] = "count";
    names[4_999] = "note";
    const values = names.map((name) => (name === "count" ? "7" : name));

    const { lines, rejected } = await readChunks(`${names.join()}\n${values.join()}\n`, [names.join().length + 1]);

    expect(rejected).toEqual([]);
    expect(lines).toMatch(/^key\t7\tnote\t\d+\n$/);
  });

  test("give together what one pass gives where rows are bad, too", async () => {
    const line = fc.oneof(
      fc.constantFrom("", " ", "k", "k,x,", "k,1,2,3", ",1,n", '"k",1,"n"', 'k,1,"a"b"c"', 'k"",1,n', "k,99999999999,"),
      row().map((fields) => Papa.unparse([[...fields]])),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 10 }), fc.gen(), async (lines, gen) => {
        const whole = ["key,count,note", ...lines].join("\n");
        const cuts = gen(() => cutsOf(Buffer.byteLength(whole)));

        expect(await readChunks(whole, cuts)).toEqual(await readChunks(whole, [], {}, 1_000));
      }),
      { numRuns: 400 },
    );
  });

  test("hold quoted line breaks where the contract has them", async () => {
    await fc.assert(
      fc.asyncProperty(table("\n", "\r\n", "\r"), fc.boolean(), async (rows, quotes) => {
        const csv = csvOf(rows, quotes);
        const { lines, rejected } = await readChunks(csv.join("\n"), [], { quotedLineBreaks: true, header: false });

        expect(rejected).toEqual([]);
        expect(lines).toBe(linesOf(rows, csv, 0, "\n"));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ["where the object is cut behind it", [29]],
    ["where the object is cut before it", [24]],
  ])("fail with the place of a quoted line break that the contract promises away, %s", async (_where, cuts) => {
    const whole = 'key,count,note\nk1,1,a\nk2,2,"b\nc"\nk3,3,d\n';

    await expect(readChunks(whole, cuts)).rejects.toThrow(CsvError);
    await expect(readChunks(whole, cuts)).rejects.toThrow(/line break.*memory:a\.csv, byte 22.*quotedLineBreaks/);
  });

  test("take each line of a whole object for a row where the contract does not have quoted line breaks", async () => {
    const { lines, rejected } = await readChunks(
      'key,count,note\nk1,1,a\nk2,2,"3.5 inch\nk3,3,c\nk4,4,"\nk5,5,e\n',
      [],
    );

    expect(lines).toBe("k1\t1\ta\t15\nk3\t3\tc\t37\nk5\t5\te\t51\n");
    expect(rejected.map(({ offset, raw }) => [offset, raw])).toEqual([
      [22, 'k2,2,"3.5 inch'],
      [44, 'k4,4,"'],
    ]);
    expect(rejected[0]?.reason).toMatch(/not closed in its line.*quotedLineBreaks/);
  });

  test("give for any text what each line gives separately; with cuts the same, or an error", async () => {
    const pieces = fc.constantFrom('"', '"', "\n", "\n", ",", ",", "k", "1", " ", "é", "\r\n", "\r", "k,1,");
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 30 }), fc.gen(), async (parts, gen) => {
        const whole = parts.join("");
        const cuts = gen(() => cutsOf(Buffer.byteLength(whole)));

        const got = await readChunks(whole, [], { header: false }, 3);

        expect(got).toEqual(await readEachLine(whole));
        const cut = await readChunks(whole, [0, ...cuts], { header: false }).catch((error: unknown) => error);
        if (cut instanceof CsvError) expect(cut.message).toMatch(/line break/);
        else expect(cut).toEqual(got);
      }),
      { numRuns: 500 },
    );
  });

  test.each([[[]], [[3]], [[6, 22, 27]]])("leave out Excel's first line, with cuts at %j", async (cuts) => {
    const { lines, rejected } = await readChunks("sep=,\nkey,count,note\nk1,1,a\nsep=,2,b\n", cuts);

    expect(rejected).toEqual([]);
    expect(lines).toBe("k1\t1\ta\t21\nsep=\t2\tb\t28\n");
  });

  test.each([
    [
      "never closed",
      'k1,1,"a\nk2,2,b\n',
      "k2\t2\tb",
      [/^A quoted field is never closed: got .*, expected a quote at its end.*Close it/],
    ],
    [
      "closed by another quote",
      'k1,1,"a\nk2,2,b\nk3,3,"c"\nk4,4,d\n',
      "k4\t4\td",
      [
        /^A quoted field continues after its quote: got .*, expected a delimiter/,
        ...Array(2).fill("it is part of the broken row at byte 15"),
      ],
    ],
    ["closed in another row", 'k1,1,"a\nk2,"\nk3,3,c\n', "k3\t3\tc", []],
    ["closed too late", 'k1,"a\nk2",2,b\nk3,3,c\n', "k3\t3\tc", [/got 4 fields/, /broken row at byte 15/]],
  ])(
    "reject one row for a quote that is %s, and each line that it swallowed, where the contract has quoted line breaks",
    async (_how, body, kept, reasons) => {
      const { lines, rejected } = await readChunks(`key,count,note\n${body}`, [], { quotedLineBreaks: true });

      expect(lines.split("\n").at(-2)).toMatch(kept);
      expect(rejected.map(({ reason }) => reason)).toEqual(
        reasons.map((reason) => (typeof reason === "string" ? reason : expect.stringMatching(reason))),
      );
    },
  );

  test("fail in the chunk that a quoted field ends in, too", async () => {
    const whole = 'key,count,note\nk1,1,"a\nk2,2,b"\n';
    const objects = new MemoryRangedObjects();
    const { lastModified, ...object } = objects.put("a.csv", whole);
    const chunk = { ...object, object: 1, lastModified: lastModified.toISOString(), start: 20, end: whole.length };
    const never = { add: () => undefined };
    const drain = async () => {
      const reading = {
        contract: pairs,
        objects,
        chunk,
        rejections: never,
        tally: { rows: 0 },
        see: () => undefined,
        onBytes: () => undefined,
      };
      for await (const _ of encodeChunk(reading));
    };

    await expect(drain()).rejects.toThrow(/line break.*byte 23/);
  });

  test.each<[string, string | Buffer, Partial<Feed>]>([
    ["is packed by gzip, whatever its name says", gzipSync("key,count,note\nk1,1,é\n"), {}],
    ["is packed by zip", Buffer.from(zipSync({ "a.csv": strToU8("key,count,note\nk1,1,é\n") })), {}],
    ["is UTF-16", Buffer.from("\uFEFFkey,count,note\r\nk1,1,é", "utf16le"), { encoding: "utf-16" }],
    ["is of Windows", Buffer.from("key,count,note\nk1,1,\xe9\n", "latin1"), { encoding: "windows-1252" }],
  ])("read an object that %s", async (_what, content, changes) => {
    const { lines, rejected } = await readChunks(content, [], changes, 64);

    expect(rejected).toEqual([]);
    // The byte is that of the unpacked text in UTF-8.
    expect(lines).toMatch(/^k1\t1\té\t(15|19)\n$/);
  });

  test("say which encoding the contract may name", async () => {
    await expect(readChunks(Buffer.from("key,count,note\nk1,1,\x93\n", "latin1"), [])).rejects.toThrow(
      /not UTF-8.*encoding: windows-1252/,
    );
    await expect(readChunks(Buffer.from("key,count,note\n", "utf16le"), [])).rejects.toThrow(/encoding: utf-16/);
  });

  test("name the line that is not UTF-8, and the column that is missing", async () => {
    const latin1 = Buffer.from("key,count,note\nk1,1,a\nk2,2,caf\xe9\n", "latin1");

    await expect(readChunks(latin1, [])).rejects.toThrow(/not UTF-8 text.*memory:a\.csv, byte 22/);
    await expect(readChunks("key,note\nk,n\n", [])).rejects.toThrow(/no column count: got "key,note"/);
    await expect(readChunks("key,count,note,key\n", [])).rejects.toThrow(/the column key twice/);
    const trailing = readChunks("key,count,note,\n", [], { unknownColumns: "fail" });
    await expect(trailing).rejects.toThrow(/column without a name: got "key,count,note,".*delimiter at its end/);
    await expect(readChunks("\n\n\n", [1])).rejects.toThrow(/no header/);
  });
});

/** The row in the order of the header `note,other,key,count`. */
function shuffle([key = "", count = "", note = ""]: readonly string[], quotes: boolean): string {
  return Papa.unparse([[note, "x", key, count]], { quotes });
}
