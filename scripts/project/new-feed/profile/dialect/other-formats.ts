import { adviseOnHeader } from "../../../../../etl/core/csv/advise-on-header";
import { CsvError } from "../../../../../etl/core/errors";

const SQL = /^(insert into|create table|copy \S+ .*from stdin)\b/i;
/** A line drawn below a header, or around a table. */
const DRAWN = /^(?=.*(-{3}|={3}))[\s|+,;:=-]+$/;

/** Refuses files that are no CSV by their first lines. */
export function refuseOtherFormats(text: string, lines: readonly string[], source: string): void {
  const at = lines.findIndex((line) => line.trim() !== "");
  const first = lines[at] ?? "";
  const advice = adviseOnLineEnds(text, first) ?? adviseOnText(first);
  if (advice !== undefined) {
    throw new CsvError("This is not a CSV that a feed can read", { where: { source, line: at + 1 }, fix: advice });
  }
  refuseDrawn(lines, at, source);
}

function adviseOnLineEnds(text: string, first: string): string | undefined {
  if (first.endsWith("\r")) return "The lines of this file end in CR CR LF: convert its line ends to LF";
  const areOld = text.includes("\r") && !text.includes("\n");
  return areOld ? "The lines of this file end in CR only: convert its line ends to LF" : undefined;
}

function adviseOnText(first: string): string | undefined {
  if (SQL.test(first)) return "This seems to be SQL: export the table as CSV";
  return adviseOnHeader([first], { columns: {} });
}

/** Programs draw lines of hyphens below the names. */
function refuseDrawn(lines: readonly string[], at: number, source: string): void {
  const drawn = lines.findIndex((line, index) => index <= at + 1 && DRAWN.test(line));
  if (drawn === -1) return;
  throw new CsvError("A line of this file is drawn, and no row", {
    got: "a line of hyphens",
    where: { source, line: drawn + 1 },
    fix: "Remove it, and others like it, or ask for CSV without them",
  });
}
