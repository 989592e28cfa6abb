import { lines, type OddFile } from "./odd-file";

/** Rows beside which a few lines that are none are less than a tenth. */
const more = (from: number, count: number) => Array.from({ length: count }, (_, at) => `${from + at},x`);

/** Files whose rows or keys are odd. */
export const ODD_ROWS: readonly OddFile[] = [
  {
    kind: "CRLF, and line breaks in quotes",
    content: 'id,a\r\n1,"x\r\ny"\r\n2,z\r\n',
    key: ["id"],
    csv: { quotedLineBreaks: true },
    columns: { id: "bigint", a: "text" },
    rows: 2,
  },
  {
    kind: "a header of two lines",
    content: 'id,"amount\n(EUR)"\n1,2.5\n2,2.5\n',
    csv: { quotedLineBreaks: true },
    columns: { id: "bigint", amount_eur: { type: "numeric", header: "amount\n(EUR)" } },
    rows: 2,
  },
  {
    kind: "ragged rows",
    content: lines("id,a", "1,x", "2,x,y", "3", ...more(4, 17)),
    csv: { maxRejected: { rows: 2 } },
    columns: { id: "bigint", a: "text" },
    rows: 20,
    rejected: 2,
  },
  {
    kind: "a broken quote",
    content: lines("id,a", "1,x", '2,"x', ...more(3, 10)),
    csv: { quotedLineBreaks: true, maxRejected: { rows: 1 } },
    columns: { id: "bigint", a: "text" },
    rows: 12,
    rejected: 1,
  },
  {
    kind: "NUL characters",
    content: lines("id,a", "1,x", "2,x\0", ...more(3, 10)),
    csv: { maxRejected: { rows: 1 } },
    columns: { id: "bigint", a: "text" },
    rows: 12,
    rejected: 1,
  },
  {
    kind: "Excel's line for its delimiter",
    content: "sep=;\r\nid;a\r\n1;x\r\n2;x\r\n",
    csv: { delimiter: ";" },
    columns: { id: "bigint", a: "text" },
    rows: 2,
  },
  {
    kind: "line ends of both kinds",
    content: "id,a\r\n1,x\r\n2,x\n3,x\n",
    columns: { id: "bigint", a: "text" },
    rows: 3,
  },
  {
    kind: "a key of two columns",
    content: lines("shop,line,note", ...["a,1,x", "a,2,x", "b,1,x", "b,2,x", "b,3,x"]),
    columns: { shop: "text", line: "integer", note: "text" },
    rows: 5,
  },
  {
    kind: "no key at all, and one that is given",
    content: lines("shop,note", "a,x", "a,x", "b,x"),
    key: ["shop"],
    columns: { shop: "text", note: "text" },
    rows: 3,
    superseded: 1,
  },
  {
    kind: "a header and no row",
    content: lines("id,a"),
    key: ["id"],
    columns: { id: { type: "text" }, a: { type: "text", nullable: true } },
    rows: 0,
  },
];
