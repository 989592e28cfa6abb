import { CsvError } from "../../../../../etl/core/errors";
import { headerVotes, MOSTLY } from "./header-votes";
import { filledOf, isAlike, type Split, shareOf } from "./split-head";

/** The most lines above a header that are looked for. */
const MOST_ABOVE = 20;
/** With this many fields in each line, the character is not a text's punctuation. */
const TITLED = 3;
const COMMENT = /^(#|\/\/|--)/;

/**
 * Refuses lines above the header that have fewer values than those below: a title, with or without delimiters at its end.
 *
 * @param best the likeliest split, if there is one: others count only where its lines differ at the header
 */
export function refuseTitle(splits: readonly Split[], best: Split | undefined, source: string): void {
  for (const split of splits) {
    const above = countTitles(split);
    const header = split.rows[above];
    if (above === 0 || header === undefined) continue;
    if (best !== undefined && split !== best) {
      const same = best.rows.find(({ line }) => line === header.line);
      if (same === undefined || isAlike(same, best.width)) continue;
    }
    const got = split.rows[0] === undefined ? 0 : filledOf(split.rows[0]);
    throw new CsvError("The first line is neither a header nor a row", {
      got: `${got} ${got === 1 ? "field" : "fields"}`,
      expected: `${filledOf(header)} as in the lines below`,
      where: { source, line: 1 },
      fix: `${toRemove(header.line - 1)}, above the header`,
    });
  }
}

/** Refuses lines above the header that begin like comments. A header may begin with such a character, too: `#;name`. */
export function refuseComments(lines: readonly string[], splits: readonly Split[], source: string): void {
  const end = lines.findIndex((line) => line.trim() !== "" && !COMMENT.test(line));
  const first = lines.findIndex((line) => COMMENT.test(line));
  if (end === -1 || first === -1 || first > end) return;
  const last = lines.slice(0, end).findLastIndex((line) => line.trim() !== "");
  const comments = isHeader(lines[last] ?? "", last + 1, splits) ? last : last + 1;
  if (comments <= first) return;
  throw new CsvError("This file begins with comments", {
    got: `a line that begins with ${COMMENT.exec(lines[first] ?? "")?.[0]}`,
    expected: "the header, or a row",
    where: { source, line: first + 1 },
    fix: toRemove(comments),
  });
}

/** Whether a line is split like those below, and none of them looks more like a header. */
function isHeader(text: string, line: number, splits: readonly Split[]): boolean {
  const below = splits
    .map(({ rows, delimiter }) => ({ delimiter, rows: rows.filter((row) => row.line > line) }))
    .filter(({ rows: [first, ...others] }) => {
      const width = first?.fields.length ?? 0;
      return width > 1 && shareOf(others, (row) => isAlike(row, width)) >= MOSTLY;
    });
  if (below.length === 0) return !/^(#|\/\/|--)\s/.test(text);
  return below.some(({ delimiter, rows }) => {
    const width = text.split(delimiter).length;
    return width === rows[0]?.fields.length && headerVotes(rows.map(({ fields }) => fields)) <= 0;
  });
}

/** The rows that look like titles, from the first; 0 if there are none. */
function countTitles({ rows }: Split): number {
  for (let above = 1; above <= MOST_ABOVE && above < rows.length; above += 1) {
    const [lead, rest] = [rows.slice(0, above), rows.slice(above)];
    const [header] = rest;
    if (header === undefined || header.isBroken) continue;
    const filled = filledOf(header);
    if (lead.some((row) => filledOf(row) >= filled)) continue;
    if (shareOf(rest, (row) => isAlike(row, header.fields.length)) < MOSTLY) continue;
    // One line below another is too little, unless delimiters make both alike.
    if (rest.length === 1 && lead.some((row) => row.fields.length !== header.fields.length)) continue;
    const isTitle = lead.every((row) => filledOf(row) <= 1) && lead[0]?.fields[0]?.trim() !== "";
    if (isTitle && filled >= TITLED) return above;
    if (headerVotes(rest.map(({ fields }) => fields)) > 0) return above;
  }
  return 0;
}

function toRemove(last: number): string {
  return last === 1 ? "Remove line 1" : `Remove lines 1 to ${last}`;
}
