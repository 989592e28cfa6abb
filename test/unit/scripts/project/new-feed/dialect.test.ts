import { CsvError } from "../../../../../etl/core/errors";
import type { Bytes } from "../../../../../etl/core/ports";
import { profileCsv } from "../../../../../scripts/project/new-feed/profile/profile-csv";

async function* pieces(content: string | Buffer, size = 7): Bytes {
  const bytes = Buffer.from(content as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const profile = (content: string | Buffer) => profileCsv(pieces(content), "a.csv");
const rows = (count: number, row: (at: number) => string) => Array.from({ length: count }, (_, at) => row(at)).join("");

describe("delimiter and header", () => {
  test.each([
    ["id;name\n1;Smith, John\n2;Miller, Ann\n", ";", true],
    ["1,5;2,5\n1,75;2,25\n", ";", false],
    ["a\tb\n1,2\t3,4\n", "\t", true],
    ["a|b\nx|1\n", "|", true],
    ["country,2019,2020\nA,1.5,2.5\nB,1.25,7\n", ",", true],
    ["2019,1\n2020,2\n2021,3\n", ",", false],
    ["Ann,true\nBob,true\nAnn,false\n", ",", false],
    ["id,day\n", ",", true],
    ["1,2026-01-05\n", ",", false],
    // Line ends of both kinds, in each order.
    ["nr,ort,wert\r\n1,Ulm,2\n2,Hof,3\r\n3,Aue,4\n4,Elm,5\r\n", ",", true],
    ["nr;ort\r\n1;Ulm\n2;Hof\r\n3;Aue\n4;Elm\r\n", ";", true],
    ['\uFEFFnr\tort\r\n1\t"a\nb"\n2\tHof\r\n', "\t", true],
    ["1|Ulm\n2|Hof\r\n", "|", false],
    ["\n \nname,ort\nAnn,Ulm\nBob,Hof\n", ",", true],
    ["\n#;name\n1;Ann\n2;Bob\n", ";", true],
    // A header that begins like a comment.
    ["#;name\n1;Ann\n2;Bob\n", ";", true],
    ["#CHROM\tPOS\n1\t5\n2\t7\n", "\t", true],
    ["--,-5,x\n-,7,y\n", ",", false],
    // Columns without a name: an index, or others.
    [",value\n0,1.5\n1,2.5\n", ",", true],
    ["id;name;;\nx;a;b;c\ny;d;e;f\n", ";", true],
    ["id,amount,\n1,2,\n2,3,\n", ",", true],
    ["id,amount,day\n1,,\n2,,\n3,5,2026-01-05\n", ",", true],
    // Excel's first line.
    ["sep=;\nnr;ort\n1;Ulm\n2;Hof\n", ";", true],
    ['\uFEFF"sep=,"\r\n1,Ulm\r\n2,Hof\r\n', ",", false],
    ["sep=\t\nnr, alt\tort, alt\n1,5\tUlm\n2,5\tHof\n", "\t", true],
    ["sep=:\nnr:ort\n1:Ulm\n2:Hof\n", ":", true],
    // Words for nothing are no drawn line.
    ["a,b\n--,--\n-,-\n1,2\n", ",", true],
    // Rows that are the same are no header.
    ["1,x\n1,x\n2,y\n", ",", false],
  ])("of %j are %j and %j", async (content, delimiter, hasHeader) => {
    const found = await profile(content);

    expect([found.delimiter, found.header !== undefined]).toEqual([delimiter, hasHeader]);
    expect(found.width).toBeGreaterThan(1);
  });
});

test("one ragged line of many does not lend the rows to another delimiter", async () => {
  const found = await profile(`id;price, net;qty\n${rows(30, (at) => `${at};${at},5;2\n`)}31;1,5\n`);

  expect(found).toMatchObject({ delimiter: ";", rows: 30, broken: 1 });
});

describe("one column", () => {
  test.each([
    ["name\nhello, world\nthis is it\n", true],
    ["note\nfine\nI, you, all\nso; what\nwell\n", true],
    ['"Name, first"\n"Miller, Ann"\n"Smith, John"\n', true],
    ["full name\nAnn Lee\nBob Ray\n", true],
    ["sold at\n2026-01-05 10:00:00\n2026-01-06 11:00:00\n", true],
    ["amount\n1 234.50\n2 000.00\n", true],
    ["tag\n#one\n#two\n", true],
    ["#one\n#two\n#three\n", true],
    ["code\nA\nB\n\nA\n", true],
    ["name\n--\nAnn\n", true],
    ["time\n10:00\n11:00\n", true],
    ["10:00\n11:00\n", false],
    ["mail\na@x.example\nb@x.example\n", true],
    ["17\n18\n19\n", false],
  ])("is what %j has", async (content, hasHeader) => {
    const found = await profile(content);

    expect(found).toMatchObject({ width: 1, broken: 0 });
    expect(found.header !== undefined).toBe(hasHeader);
  });
});

describe("a file that cannot be split, or is split wrongly, is refused:", () => {
  test.each([
    ["other formats", "<!doctype html><html>\n", "a web page"],
    ["other formats", '[{"id":1}]\n', "JSON"],
    ["other delimiters", "id§a\n1§x\n2§y\n", "got §, expected one ASCII character"],
    ["old line ends", "id,a\r1,x\r", "end in CR only"],

    ["a title", "sep=;\nStock\nsku;place;pieces\nq;x;5\nr;y;7\n", "Remove lines 1 to 2, above the header"],
    ["a last delimiter", "sep=;\nnr;ort\n1;x;\n2;y;\n", "(a.csv, line 3)"],
    ["other formats", "nr,ort\r\r\n1,x\r\r\n2,y\r\r\n", "end in CR CR LF"],
    ["other formats", "INSERT INTO t VALUES (1,'x');\nINSERT INTO t VALUES (2,'y');\n", "seems to be SQL"],
    ["a drawn line", " nr | ort \n----+-----\n  1 | x\n  2 | y\n", "(a.csv, line 2). Remove it"],
    ["a drawn line", "nr,ort\n--,---\n1,x\n2,y\n", "(a.csv, line 2). Remove it"],
    ["a drawn line", "| nr | ort |\n|----|:---:|\n| 1 | x |\n", "(a.csv, line 2). Remove it"],
    ["a drawn line", "+----+-----+\n| nr | ort |\n+----+-----+\n|  1 | x   |\n", "(a.csv, line 1). Remove it"],
    ["other delimiters", "nr:ort:wert\n1:x:2\n2:y:3\n", 'got ":", expected'],
    ["other delimiters", "nr\u001eort\n1\u001ex\n2\u001ey\n", 'got "\\u001e", expected'],
    ["lines in quotes", '"nr,ort"\n"1,x"\n"2,y"\n', "Remove the quotes around each line"],
    ["lines in quotes", '"a;b;c"\r\n"q;r;s"\r\n"t;u;v"\r\n', "Remove the quotes around each line"],

    ["a title", "Stock\nsku;place;pieces\n", 'with ";" 1 field in line 1, and 3 in line 2'],
    ["a padded title", "Stock;;\nsku;place;pieces\n", "Remove line 1, above the header"],
    ["a title", "Sales of August\nid;a;b\n1;x;y\n2;x;y\n", "got 1 field, expected 3 as in the lines below"],
    ["a title", "Stock\n\nas of today\n\nsku,place,pieces\nq,x,5\nr,y,7\n", "Remove lines 1 to 4, above the header"],
    ["a title", "Bestand, Mai\nnr;menge\n1;1,5\n2;2,5\n3;7,5\n", "Remove line 1, above the header"],
    ["a padded title", "Stock 2026\t\t\n\t\t\nsku\tplace\tpieces\nq\tx\t5\nr\ty\t7\n", "Remove lines 1 to 2, above"],
    ["a padded title", "Stock;;\r\nsku;place;pieces\r\nq;x;5\r\nr;y;7\r\n", "Remove line 1, above the header"],
    ["a padded title", '"Stock, all",\nsku,pieces\nq,5\nr,7\n', "Remove line 1, above the header"],
    ["a padded title", ";;\n;Stock;\nsku;place;pieces\nq;x;5\nr;y;7\n", "Remove lines 1 to 2, above the header"],
    ["a padded title", "from;2026-01-05;;\nto;2026-01-06;;\nsku;a;b;n\nq;x;y;5\nr;x;y;7\n", "Remove lines 1 to 2"],
    ["a padded title", "\uFEFFStock|||\na|b|c|d\nq|r|s|t\nu|v|w|x\n", "got 1 field, expected 4"],

    ["comments", "# made by a till\n# of Ulm\nnr,ort\n1,x\n2,y\n", "begins with #, expected the header, or a row"],
    ["comments", "# made by a till\n# of Ulm\nnr,ort\n1,x\n2,y\n", "(a.csv, line 1). Remove lines 1 to 2"],
    ["comments", "// till\nnr;ort;wert\n1;x;2\n2;y;3\n", "Remove line 1"],
    ["comments", "-- till\n\nnr\tort\n1\tx\n2\ty\n", "Remove line 1"],
    ["comments", "# till, Ulm\nnr,wert\n1,5\n2,7\n", "Remove line 1"],
    ["comments", "##v4\n##till\n#NR\tORT\n1\tx\n2\ty\n", "Remove lines 1 to 2"],
    ["comments", "\n# till\n\nnr;ort;wert\n1;x;2\n2;y;3\n", "(a.csv, line 2). Remove lines 1 to 2"],
    ["comments", "# till\nname\nAnn\nBob\n", "Remove line 1"],
    ["comments", "\uFEFF# till\r\nnr;ort\r\n1;x\r\n2;y\r\n", "Remove line 1"],

    ["a last delimiter", "nr;ort\n1;x;\n2;y;\n3;z;\n", "got 3 fields, the first line has 2"],
    [
      "a last delimiter",
      "nr;ort\n1;x;\n2;y;\n",
      'line 2). Add ";" to the end of the header, or remove it from the rows',
    ],
    [
      "a last delimiter",
      "nr\tort\twert\n1\tx\t2\t\n",
      "Add a tab to the end of the header, or remove it from the rows",
    ],
    ["a last delimiter", "nr,ort,\r\n1,x\r\n2,y\r\n", 'Add "," to the end of the rows, or remove it from the header'],
    ["a last delimiter", "nr\n1|\n2|\n3|\n", 'Add "|" to the end of the header'],

    ["escaped quotes", 'nr,text,wert\n1,"ein ""x""",1\n2,"ein \\"y\\", z",2\n', "quotes after backslashes"],
    ["escaped quotes", 'nr;text\n1;"\\"y\\" und z"\n2;a\n', '""" for a quote'.slice(1)],

    ["blanks", "NR   ORT       WERT\n0001 Ulm am   12.50\n0002 Hof       7.25\n", "stand below each other"],
    ["blanks", "nr ort wert\n1 Ulm 2.5\n2 Hof 3.5\n", "stand below each other"],
    ["blanks", "Nr Wert\n1 2\n2 3\n", "stand below each other"],
    ["blanks", "2026-01-05 Ulm 2.5\n2026-01-06 Hof 3.5\n", "stand below each other"],

    ["uneven lines", "a,b\n1,2,3\n2,3,4\n3,4,5\n", 'with "," 2 fields in line 1, and 3 in line 2'],
    ["uneven lines", "nr,betrag\n1,1,50\n2,2,75\n3,7\n4,1,5\n", 'with "," 2 fields in line 1, and 3 in line 2'],
    ["uneven lines", "Name\nMiller, Ann\nSmith, John\n", 'with "," 1 field in line 1, and 2 in line 2'],
    ["uneven lines", "Name; first\nAnn\nBob\nEve\n", 'with ";" 2 fields in line 1, and 1 in line 2'],
    ["uneven lines", "a|b|c|d\n1|2|3\n4|5|6\n", 'with "|" 4 fields in line 1, and 3 in line 2'],
    ["uneven lines", "betrag\n1,5\n2,5\n3,5\n", "If it is one column, put its name and values in quotes"],

    ["a second header", "nr,wert\n1,2.5\nnr,wert\n2,3.5\n", "Line 3 repeats the header"],
    ["a second header", "name;ort\nAnn;Ulm\nBob;Hof\nname;ort\nEve;Aue\n", "Line 4 repeats the header"],
    ["a second header", '\uFEFFnr\tort\r\n1\t"a\nb"\r\n\uFEFFnr\tort\r\n2\tb\r\n', "Line 4 repeats the header"],
    ["a second header", '"nr","ort"\n"1","a"\n\uFEFF"nr","ort"\n"2","b"\n', "Line 3"],
    ["a second header", "1,x\n2,x\n\uFEFF3,x\n", "Line 3 begins with a byte order mark"],
    ["a second header", "name\nAnn\n\uFEFFname\nBob\n", "Line 3 begins with a byte order mark"],

    [
      "lines that are no rows",
      "nr,ort\n1,x\n2,x,y\n3,x\n",
      "got 1 line; of the first, the reason is: got 3 fields, expected 2",
    ],
    ["lines that are no rows", 'nr,ort\n1,x\n2,x\n3,"x', "A quoted field is never closed: expected a quote at its end"],
    ["lines that are no rows", 'nr,ort\n1,"a "b" c"\n2,x\n', "A quoted field continues after its quote"],
    [
      "lines that are no rows",
      "nr;ort\n1;x\0\n2;y\n",
      'It was read as 1 row of 2 fields: utf-8, delimiter ";", with a header',
    ],
  ])("%s: %j", async (_, content, message) => {
    const refused = profile(content);

    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(CsvError);
  });

  test.each([
    ["escaped quotes", `nr,text\n${rows(99, (at) => `${at},x\n`)}99,"so \\"y\\" z"\n`, "(a.csv, line 101)"],
    ["escaped quotes", `nr,text\n${rows(20, (at) => `${at},"so \\"y\\", z"\n`)}`, "(a.csv, line 2)"],
    ["a second header", `nr,ort\n${rows(2_000, (at) => `${at},x\n`)}nr,ort\n`, "Line 2002 repeats the header"],
  ])("%s in a longer file", async (_, content, message) => {
    await expect(profile(content)).rejects.toThrow(message);
  });

  test("windows-1252 and UTF-16, too", async () => {
    const text = "Lager Köln;;\nnr;ort;wert\n1;Köln;5\n2;Düren;7\n";

    await expect(profile(Buffer.from(text, "latin1"))).rejects.toThrow("Remove line 1, above the header");
    await expect(profile(Buffer.from(`\uFEFF${text}`, "utf16le"))).rejects.toThrow("Remove line 1, above the header");
  });
});

test("a few lines that are no rows are counted, and the first is named with its reason", async () => {
  const found = await profile(`nr,ort\n${rows(30, (at) => `${at},x\n`)}30\n31,"x" y\n`);

  expect(found).toMatchObject({ rows: 30, broken: 2 });
  expect(found.swallowing).toBeUndefined();
  expect(found.firstBroken).toEqual({ line: 32, reason: "got 1 field, expected 2 as in the first line" });
});

test.each([
  ['nr,ort,wert\n1,"x,5\n2,y,6\n3,z",7\n4,w,8\n', 2],
  ['nr;ort;wert\n1;x;5\n2;"y;6\r\n3;z;7\r\n4;a;8\n5;b";9\n', 3],
  // A text of several lines.
  ['nr,ort,wert\n1,"x,5\nand on\nand on, and off",7\n4,w,8\n', undefined],
])("the first quoted field that seems to have rows in it is named: %j", async (content, line) => {
  expect((await profile(content)).swallowing).toBe(line);
});
