import type { PGlite, Results } from "@electric-sql/pglite";

type Parsers = PGlite["parsers"];

/**
 * PGlite copies its parsers for each query. Those of arrays, 290 of 320, took a third of a short one's time: they are
 * kept apart, for results that have arrays.
 *
 * @param others the parsers that stay
 * @returns those of arrays
 */
export function takeArrayParsers(pglite: PGlite, others: Parsers): Parsers {
  const arrays = Object.entries(pglite.parsers).filter(([type]) => !(type in others));
  pglite.parsers = others;
  return Object.fromEntries(arrays);
}

/** Parses the arrays of a result, which are text until then. */
export function parseArrays<T>({ rows, fields }: Results<T>, parsers: Parsers): void {
  if (!fields.some(({ dataTypeID }) => dataTypeID in parsers)) return;
  // Of several columns with one name, a row has the last.
  const types = new Map(fields.map(({ name, dataTypeID }) => [name, dataTypeID]));
  for (const [name, type] of types) {
    const parse = parsers[type];
    if (parse === undefined) continue;
    for (const row of rows as Record<string, unknown>[]) {
      const value = row[name];
      if (typeof value === "string") row[name] = parse(value);
    }
  }
}
