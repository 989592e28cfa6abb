import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "../../fixtures/stored-runs");
const STORED = join(FOLDER, "stored.json");

/** The made-up raw files of a stored run. */
export function storedFolder(name: string): string {
  return join(FOLDER, name);
}

/** Where stored results are, and whether they are written again. */
export interface StoredResults {
  /** @default the committed ones */
  readonly file?: string;
  /** @default UPDATE_STORED_RUNS=1 */
  readonly update?: boolean;
}

/**
 * Compares what today's code makes from a stored run's raw files with what is written down.
 *
 * @throws Error with both, and how a wanted change is accepted
 */
export function requireStored(
  name: string,
  now: Readonly<Record<string, unknown>>,
  { file = STORED, update = process.env.UPDATE_STORED_RUNS === "1" }: StoredResults = {},
): void {
  const all: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
  if (update) {
    writeFileSync(file, `${JSON.stringify({ ...all, [name]: now }, null, 2)}\n`);
    return;
  }
  const then = all[name];
  if (JSON.stringify(then) === JSON.stringify(now)) return;
  throw new Error(
    [
      `A change of meaning: from the same raw files (test/fixtures/stored-runs/${name}) ${name} makes something else than it did.`,
      ...differences(then, now),
      "If nobody wants that, the change is wrong: npm run data-plan shows what it does to the data.",
      "If it is wanted, accept it: UPDATE_STORED_RUNS=1 npm test -- test/integration/stored-runs.test.ts, npm run format, commit stored.json, and say in CHANGELOG.md what becomes of loaded rows.",
    ].join("\n"),
  );
}

/** Each part that differs; of lists the first entry. */
function differences(then: unknown, now: Readonly<Record<string, unknown>>): readonly string[] {
  const was = (typeof then === "object" && then !== null ? then : {}) as Readonly<Record<string, unknown>>;
  return [...new Set([...Object.keys(was), ...Object.keys(now)])].flatMap((part) => {
    const [one, other] = [was[part], now[part]];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    if (!Array.isArray(one) || !Array.isArray(other))
      return [`  ${part}: then ${JSON.stringify(one)}, now ${JSON.stringify(other)}`];
    const at = one.findIndex((entry, index) => JSON.stringify(entry) !== JSON.stringify(other[index]));
    const first = at === -1 ? one.length : at;
    return [
      `  ${part}, the first that differs: then ${JSON.stringify(one[first])}, now ${JSON.stringify(other[first])}`,
    ];
  });
}
