import { type FuzzCase, makeCase } from "./cases";
import { type Rows, readInAllWays } from "./our-readers";
import type { PythonReader } from "./python-reader";

/** A case that is read otherwise than Python reads it, or in two ways. */
export interface Finding {
  readonly seed: number;
  readonly given: FuzzCase;
  readonly way: string;
  readonly got: string;
  readonly wanted: string;
}

/**
 * Reads the case of a seed in all ways. What is whole must be read as Python reads it; of what is damaged, the same must come
 * whatever the pieces, and whatever the cuts.
 */
export async function judge(seed: number, python: PythonReader): Promise<Finding | undefined> {
  const given = makeCase(seed);
  const reference = given.isBroken ? null : await python.read(given);
  if (!given.isBroken && reference === null) throw new Error(`Python takes the case of seed ${seed} for no CSV`);
  const firsts = new Map<string, string>();
  for (const [way, rows] of await readInAllWays(given)) {
    const [family = ""] = way.split(" ");
    // Such an object is not cut: its contract says so.
    if (family === "cut" && given.hasLineBreaks) continue;
    const got = show(rows, given.columns);
    const wanted = reference === null ? (firsts.get(family) ?? got) : show(reference, given.columns);
    if (got !== wanted) return { seed, given, way, got, wanted };
    firsts.set(family, got);
  }
  return undefined;
}

/** Rows of another width are rejected by some readers, and shown alike. */
function show(rows: Rows | string, columns: number): string {
  return typeof rows === "string"
    ? rows
    : JSON.stringify(rows.map((row) => (row.length === columns ? row : ["broken"])));
}
