import { gzipSync } from "node:zlib";
import { defineCsv } from "../../../../../etl/core/contract/contract";
import { Rejections } from "../../../../../etl/core/csv/rejections";
import type { Source } from "../../../../../etl/core/ports";
import { readSource, readSources } from "../../../../../etl/core/runs/read-source";
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
  test("gives their records in order, and keeps of each what was read and which version it was", async () => {
    // Prepare
    const run = makeRun();
    const sources = [source("b.csv", "id,count\nb,1\n", "2"), source("a.csv", "id,count\na,x\na,2\n")];

    // Act
    const records = [];
    for await (const batch of readSources(sources, contract, run, progress)) records.push(...batch);

    // Assess
    expect(records).toEqual([
      { id: "b", count: 1 },
      { id: "a", count: 2 },
    ]);
    expect(run.sources).toMatchObject([
      { name: "b.csv", version: "2", rows: 1 },
      { name: "a.csv", rows: 2 },
    ]);
    expect(run.sources[1]).not.toHaveProperty("version");
    expect(run.rejections.rows).toMatchObject([{ source: "a.csv", line: 2 }]);
  });
});

test("warns of one that came without its length and ends within a line", async () => {
  // Prepare
  const warnings: string[] = [];
  const run = makeRun((text) => warnings.push(text));
  const sources = [{ ...source("a.csv", "id,count\na,2"), mayBeCut: true }, source("b.csv", "id,count\nb,1")];

  // Act
  for await (const _ of readSources(sources, contract, run, progress));

  // Assess
  expect(warnings).toEqual([expect.stringMatching(/^a\.csv: .*it may be incomplete$/)]);
  expect(run.sources.map(({ rows }) => rows)).toEqual([1, 1]);
});

test("warns of one with a header and no rows, and fails where that cannot be right", async () => {
  // Prepare
  const warnings: string[] = [];
  const run = makeRun((text) => warnings.push(text));
  const empty = { ...source("empty", "id,count\n"), location: "s3://raw/b.csv" };
  const records = [];

  // Act
  for await (const batch of readSources([source("a.csv", "id,count\na,2\n"), empty], contract, run, progress)) {
    records.push(...batch);
  }
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
  const records = [];

  // Act
  for await (const batch of readSources(sources, contract, run, progress)) records.push(...batch);

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
  for await (const _ of readSource(source("a.csv", "id,more,count,\na,x,2,\n"), contract, run, progress));

  // Assess
  expect(warnings).toEqual(['a.csv: its header has columns that the contract does not have: "more", ""']);
});

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

function source(name: string, csv: string, version?: string): Source {
  return { name, location: name, version, open: async () => bytesOf(csv, 1024) };
}
