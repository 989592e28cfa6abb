interface Counts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged?: number;
  readonly superseded?: number;
  readonly rejected?: number;
  readonly dropped?: number;
}

/**
 * A run's result, in the words of its notification; for a pipeline without counts, its output on one line. `--json`
 * prints the whole output.
 */
export function describeOutput(output: unknown): string {
  const parts = [output, ...(isObject(output) ? Object.values(output) : [])].filter(isObject);
  const counts = parts.find(isCounts);
  const text = parts.map((part) => Reflect.get(part, "text")).find((value) => typeof value === "string");
  if (counts === undefined) return text ?? JSON.stringify(output);
  const told = (["unchanged", "superseded", "rejected"] as const).filter((name) => counts[name] !== undefined);
  const shown = told.filter((name) => name !== "superseded" || counts.superseded !== 0);
  // A text contains it already.
  const others = text === undefined && (counts.dropped ?? 0) > 0 ? [...shown, "dropped" as const] : shown;
  const end = others.length === 0 ? "" : ` (${others.map((name) => `${counts[name]} ${name}`).join(", ")})`;
  return `${text ?? `There were ${counts.inserted} inserts and ${counts.updated} updates`}${end}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: object): value is Counts {
  const are = (...names: readonly string[]) => names.every((name) => typeof Reflect.get(value, name) === "number");
  return are("inserted", "updated") || (are("unchanged", "rejected") && "text" in value);
}
