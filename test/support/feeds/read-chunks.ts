import type { Feed } from "../../../etl/core/contract/contract";
import type { RejectedRow } from "../../../etl/core/csv/rejected-row";
import { encodeChunk } from "../../../etl/feeds/load/read-chunk";
import { MemoryRangedObjects } from "../fakes/memory-ranged-objects";

export const pairs: Feed = {
  name: "pairs",
  table: "pairs",
  columns: {
    key: { type: "text" },
    count: { type: "integer", nullable: true },
    note: { type: "text", nullable: true },
  },
  key: ["key"],
};

/** What the chunks `[0, cuts[0])`, `[cuts[0], cuts[1])`, … of a text give: COPY's lines, and rejected rows. */
export async function readChunks(
  text: string | Buffer,
  cuts: readonly number[],
  changes: Partial<Feed> = {},
  piece = 7,
) {
  const objects = new MemoryRangedObjects({ piece });
  const { bytes, lastModified, ...object } = objects.put("a.csv", text);
  const rejected: RejectedRow[] = [];
  let lines = "";
  const bounds = [0, ...cuts, bytes];
  for (const [index, end] of bounds.slice(1).entries()) {
    const chunk = {
      ...object,
      object: 1,
      bytes,
      lastModified: lastModified.toISOString(),
      start: bounds[index] ?? 0,
      end,
    };
    if (chunk.start === end) continue;
    const reading = {
      ...{ contract: { ...pairs, ...changes }, objects, chunk },
      // A row's line is known in the first chunk only.
      rejections: { add: ({ line: _, ...row }: RejectedRow) => void rejected.push(row) },
      ...{ tally: { rows: 0 }, see: () => undefined, onBytes: () => undefined },
    };
    for await (const rows of encodeChunk(reading)) lines += rows.toString();
  }
  return { lines, rejected };
}

/** What the lines of a text give, each an object of its own. */
export async function readEachLine(text: string): Promise<Awaited<ReturnType<typeof readChunks>>> {
  const all = { lines: "", rejected: [] as RejectedRow[] };
  let at = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const { lines, rejected } = await readChunks(line, [], { header: false });
    all.lines += lines.replace(/\t0\n$/, `\t${at}\n`);
    all.rejected.push(...rejected.map((row) => ({ ...row, offset: at })));
    at += Buffer.byteLength(line);
  }
  return all;
}

/** COPY's lines for rows, each with the byte that it begins at. */
export function linesOf(
  rows: readonly (readonly string[])[],
  csv: readonly string[],
  offset: number,
  newline: string,
): string {
  let at = offset;
  return rows
    .map(([key = "", count, note], index) => {
      const escaped = (text: string) =>
        text.replace(/[\\\t\n\r]/g, (byte) => `\\${{ "\\": "\\", "\t": "t", "\n": "n", "\r": "r" }[byte]}`);
      const line = `${[escaped(key), count === "" ? "\\N" : count, note === "" ? "\\N" : escaped(note ?? "")].join("\t")}\t${at}\n`;
      at += Buffer.byteLength(csv[index] ?? "") + newline.length;
      return line;
    })
    .join("");
}
