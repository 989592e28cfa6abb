import { gzipSync } from "node:zlib";
import { defineCsv } from "../../../../../etl/core/contract/contract";
import type { RecordOf } from "../../../../../etl/core/contract/types";
import { Rejections } from "../../../../../etl/core/csv/rejections";
import type { Source } from "../../../../../etl/core/ports";
import { readSource } from "../../../../../etl/core/runs/read-source";
import { ResultHash } from "../../../../../etl/core/runs/result-hash";
import type { RunContext } from "../../../../../etl/core/runs/run-pipeline";
import { DEFAULT_CHECKS } from "../../../../../etl/core/watch/feed-checks";
import { bytesOf } from "../../../../support/files/bytes";

const contract = defineCsv({
  columns: { id: { type: "text" }, count: { type: "bigint", min: 0, max: Number.MAX_SAFE_INTEGER } },
  unknownColumns: "warn",
});
const progress = { advance: () => undefined, finish: () => undefined };

describe("reading several sources", () => {
  test("gives their records in order, and keeps of each what was read", async () => {
    // Prepare
    const run = makeRun();
    const sources = [source("b.csv", "id,count\nb,1\n"), source("a.csv", "id,count\na,x\na,2\n")];

    // Act
    const records = await readAll(run, ...sources);

    // Assess
    expect(records).toEqual([
      { id: "b", count: 1 },
      { id: "a", count: 2 },
    ]);
    expect(run.sources).toMatchObject([
      { name: "b.csv", rows: 1 },
      { name: "a.csv", rows: 2 },
    ]);
    expect(run.rejections.rows).toMatchObject([{ source: "a.csv", line: 2 }]);
  });
});

test("warns of one that came without its length and ends within a line", async () => {
  // Prepare
  const warnings: string[] = [];
  const run = makeRun((text) => warnings.push(text));
  const sources = [{ ...source("a.csv", "id,count\na,2"), mayBeCut: true }, source("b.csv", "id,count\nb,1")];

  // Act
  await readAll(run, ...sources);

  // Assess
  expect(warnings).toEqual([expect.stringMatching(/^a\.csv: .*it may be incomplete$/)]);
  expect(run.sources.map(({ rows }) => rows)).toEqual([1, 1]);
});

test("warns of one with a header and no rows, and fails where that cannot be right", async () => {
  // Prepare
  const warnings: string[] = [];
  const run = makeRun((text) => warnings.push(text));
  const empty = { ...source("empty", "id,count\n"), location: "s3://raw/b.csv" };

  // Act
  const records = await readAll(run, source("a.csv", "id,count\na,2\n"), empty);
  const never = readSource(empty, contract, run, progress, { neverEmpty: "this feed never is" });

  // Assess
  expect(records).toEqual([{ id: "a", count: 2 }]);
  expect(warnings).toEqual(["s3://raw/b.csv (empty): it has a header and no rows"]);
  await expect(never.next()).rejects.toThrow(/\(s3:\/\/raw\/b\.csv \(empty\)\).*this feed never is/);
});

test("unpacks a source that is packed by gzip, whatever its address says, and names the file of a rejected row", async () => {
  // Prepare
  const run = makeRun();
  const packed = gzipSync("id,count\na,2\nb,x\n");
  const sources = [{ ...source("a", ""), location: "https://host/us.csv", open: async () => bytesOf(packed, 3) }];

  // Act
  const records = await readAll(run, ...sources);

  // Assess
  expect(records).toEqual([{ id: "a", count: 2 }]);
  expect(run.sources).toMatchObject([{ bytes: packed.length, rows: 2 }]);
  expect(() => run.rejections.check({ rows: 0 }, 2, "--max-rejected")).toThrow(
    /\(https:\/\/host\/us\.csv, line 3 \(a\)\).*allow more: --max-rejected/,
  );
});

test("warns of columns that the contract does not have", async () => {
  // Prepare
  const warnings: string[] = [];
  const run = makeRun((text) => warnings.push(text));

  // Act
  await readAll(run, source("a.csv", "id,more,count,\na,x,2,\n"));

  // Assess
  expect(warnings).toEqual(['a.csv: its header has columns that the contract does not have: "more", ""']);
});

async function readAll(run: RunContext, ...sources: readonly Source[]) {
  const records: RecordOf<typeof contract>[] = [];
  for (const one of sources) {
    for await (const batch of readSource(one, contract, run, progress)) records.push(...batch);
  }
  return records;
}

function makeRun(warn: RunContext["warn"] = () => undefined): RunContext {
  return {
    runId: "1",
    rejections: new Rejections(),
    warn,
    sources: [],
    checks: DEFAULT_CHECKS,
    result: new ResultHash(),
  };
}

function source(name: string, csv: string): Source {
  return { name, location: name, open: async () => bytesOf(csv, 1024) };
}
