import { S3Client } from "@aws-sdk/client-s3";
import type { Kysely } from "kysely";
import { openRdsDatabase, rdsAddress } from "../../etl/adapters/postgres/rds-database";
import { openPostgresReader } from "../../etl/adapters/postgres/reader";
import { S3ObjectStore } from "../../etl/adapters/s3/object-store";
import type { CoreTables } from "../../etl/core/database/tables";
import { covidSeries } from "../../etl/pipelines/covid/report-series";
import { renderEnvironment } from "../../etl/report/bucket/environment";
import { publishIndex, publishPages } from "../../etl/report/bucket/publish-pages";
import { renderEvent, stateAfter } from "../../etl/report/bucket/render-event";
import { findSubjects } from "../../etl/report/index/find-subjects";
import { makeTablePages } from "../../etl/report/index/make-table-pages";
import { readRunStates } from "../../etl/report/index/read-run-states";
import { databaseServer } from "../database";
import { readEnvironment } from "../environment";
import { clientConfig, defineStep, type Tools } from "../step";

/** A page's limit of database time, and the time reserved at the end to write the last one. */
const PAGE_MS = 20_000;
const WRITE_MS = 15_000;

const env = readEnvironment(renderEnvironment);
const server = databaseServer(env);
const shapes = Object.fromEntries(
  env.RUN_SHAPES.map(([name, engine, memoryMb]) => [name, { engine, memoryMb, region: env.AWS_REGION }]),
);
const objects = new S3ObjectStore(new S3Client(clientConfig), env.PAGES_BUCKET);

/** Uses the reading role, whatever the code does. */
export const handler = defineStep(
  { pipeline: "pages", name: "render", event: renderEvent },
  async ({ pipeline, failedStep }, tools) => {
    const { remainingMs } = tools;
    const names = pipeline === undefined ? env.DATABASE_PIPELINES : [pipeline];
    // Connects only if needed: the index may list pipelines without a database.
    if (names.length === 0) return { written: [await publishIndex(objects, env.PIPELINES, new Date())] };
    const owner = await openRdsDatabase<unknown>({ ...server, remainingMs });
    try {
      const options = { ca: server.authorities, remainingMs };
      const reader = await openPostgresReader<CoreTables, unknown>(owner, rdsAddress(server), options);
      return { written: await writeAll(reader.db, names, failedStep, tools).finally(reader.close) };
    } finally {
      await owner.close();
    }
  },
);

/** A failing page affects neither the others nor the index. @throws the first failure */
async function writeAll(
  db: Kysely<CoreTables>,
  names: readonly string[],
  failedStep: string | undefined,
  { logger, remainingMs }: Tools,
): Promise<readonly string[]> {
  const now = new Date();
  const known = await readRunStates(db);
  const subjects = (await findSubjects(db)).filter(({ pipeline }) => names.includes(pipeline));
  const timeLimitMs = Math.max(1_000, Math.min(PAGE_MS, (remainingMs() - WRITE_MS) / Math.max(1, subjects.length)));
  const onFailure = (section: string, error: unknown) => logger.warn("a part of a page is missing", { section, error });
  const written: string[] = [];
  const failures: unknown[] = [];
  for (const name of names) {
    const own = subjects.filter(({ pipeline }) => pipeline === name);
    const series = { covid: covidSeries };
    const pages = makeTablePages(db, own, { hide: env.HIDE, timeLimitMs, now, onFailure, series, shapes });
    try {
      const state = stateAfter(name, known, { failedStep, now });
      written.push(...(await publishPages(objects, { state, pages }, now)));
    } catch (error) {
      logger.error("the page could not be made", { page: name, error });
      failures.push(error);
    }
  }
  written.push(await publishIndex(objects, env.PIPELINES, now));
  if (failures.length > 0) throw failures[0];
  return written;
}
