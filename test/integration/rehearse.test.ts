import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Database } from "../../etl/core/database/database";
import { answerExport } from "../../etl/core/export/answer-export";
import {
  type HashesAnswer,
  hashesAnswer,
  type PageAnswer,
  pageAnswer,
  type TablesAnswer,
  tablesAnswer,
} from "../../etl/core/export/export-call";
import { RehearsalStop } from "../../scripts/deliver/destroy/rehearsal-stop";
import { type Rehearsal, rehearse } from "../../scripts/deliver/destroy/rehearse";
import { FakeDynamoDb } from "../support/fakes/fake-dynamodb";
import { FakeS3 } from "../support/fakes/fake-s3";
import { runEtl } from "../support/processes/run-etl";

const LEDGER = "millrace-dev-orders-ledger";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const config = { project: "millrace", environment: "dev" };
const resources = [
  { type: "aws_db_instance", values: { identifier: "millrace-dev-etl" } },
  { type: "aws_lambda_function", values: { function_name: "millrace-dev-export" } },
  { type: "aws_dynamodb_table", values: { name: LEDGER } },
];
const item = (batch: string, more = {}) => ({ batch: { S: batch }, name: { S: "m/1" }, value: { S: "{}" }, ...more });

describe("the rehearsal of a destruction", () => {
  let database: Database<unknown>;
  let s3: FakeS3;
  let dynamodb: FakeDynamoDb;
  let folder: string;
  const said: string[] = [];
  const run = (statement: string) => sql.raw<Record<string, unknown>>(statement).execute(database.db);
  const answer = async (event: Parameters<typeof answerExport>[1]) =>
    JSON.parse(JSON.stringify(await answerExport(database.db, event)));

  const go = (more: Partial<Rehearsal> = {}, between: () => unknown = () => undefined) => {
    const client = new S3Client({ region: "eu-central-1", endpoint: s3.endpoint, forcePathStyle: true, credentials });
    const caller = "arn:aws:iam::111122223333:user/ann";
    return rehearse({
      config,
      resources,
      database: {
        tables: async (): Promise<TablesAnswer> => tablesAnswer.parse(await answer({ ask: "tables", caller })),
        page: async ({ name: table, columns }, after): Promise<PageAnswer> =>
          pageAnswer.parse(await answer({ ask: "page", table, columns, after, caller })),
        hashes: async (): Promise<HashesAnswer> => {
          await between();
          return hashesAnswer.parse(await answer({ ask: "hashes", caller }));
        },
      },
      dynamodb: new DynamoDBClient({ region: "eu-central-1", endpoint: dynamodb.endpoint, credentials }),
      s3: client,
      folder: join(folder, "out"),
      place: { s3: client, bucket: "states", prefix: "millrace/dev/exports/now/" },
      say: (text) => said.push(text),
      stop: new RehearsalStop(),
      ...more,
    });
  };

  beforeAll(async () => {
    [database, s3, dynamodb] = await Promise.all([openPglite<unknown>(), FakeS3.start(), FakeDynamoDb.start()]);
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-rehearse-"));
    said.length = 0;
    s3.objects.clear();
    dynamodb.tables.clear();
    dynamodb.tables.set(
      LEDGER,
      ["a", "b", "c", "ü"].map((batch) => item(batch, { expires: { N: "1700000000" } })),
    );
    await run("drop schema public cascade");
    await run("create schema public");
    await run("create table shop (id bigint generated always as identity primary key, note text)");
    await run(`insert into shop (note) values ('a,"b"'), (null), (E'two\\nlines')`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  afterAll(async () => {
    await Promise.all([database?.close(), s3?.stop(), dynamodb?.stop()]);
  });

  test("says what would be lost, and keeps an export from which everything comes back", async () => {
    // Act
    const report = await go();
    const env = {
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
    const [, command = ""] = /npm run etl -- (import .*)/.exec(report) ?? [];
    dynamodb.tables.get(LEDGER)?.splice(0);
    const imported = await runEtl(folder, command.split(" "), env);

    // Assess
    expect(report).toMatch(/^\| `shop` \| 3 \| [1-9][\d,]* \| [1-9]\d* \|$/m);
    expect(report).toContain(`Ledger \`${LEDGER}\`: 4 items.`);
    expect(command).toBe(`import --from s3://states/millrace/dev/exports/now --ledger ${LEDGER}`);
    expect([...s3.objects.keys()]).toEqual(
      [`tables/shop.csv.gz`, `ledgers/${LEDGER}.jsonl.gz`, "export.json"].map(
        (file) => `states/millrace/dev/exports/now/${file}`,
      ),
    );
    expect(said).toEqual([
      "exported shop: 3 rows",
      `exported ${LEDGER}: 4 items`,
      "restored shop: the same 3 rows",
      `${LEDGER}: the same 4 items`,
      "the export is in s3://states/millrace/dev/exports/now",
    ]);
    expect(imported).toMatchObject({ code: 0, stderr: expect.stringContaining("restored shop: 3 rows") });
    expect(imported.stderr).toContain(`restored ${LEDGER}: 4 items`);
    expect(dynamodb.tables.get(LEDGER)).toEqual(
      ["a", "b", "c", "ü"].map((batch) => item(batch, { expires: { N: "1700000000" } })),
    );
    expect(readdirSync(folder)).toEqual([".millrace"]);
  });

  test.each([
    [
      "a row",
      () => run("update shop set note = 'x' where id = 1"),
      /The rows of shop are not those that were exported/,
    ],
    ["the number of rows", () => run("delete from shop where id = 1"), /The table shop changed while it was exported/],
    [
      "the ledger",
      () => dynamodb.tables.get(LEDGER)?.pop(),
      /The items of .*orders-ledger are not.*got 3 items.*expected 4/,
    ],
  ])("fails if %s changes meanwhile, and keeps nothing", async (what, change, message) => {
    const [onTables, onLedger] = what === "the ledger" ? [undefined, change] : [change, undefined];
    const say = (text: string) => {
      if (text.startsWith("restored")) onLedger?.();
    };

    const failure = await go({ say }, onTables).catch((error: unknown) => String(error));

    expect(failure).toMatch(message);
    expect(s3.objects.size).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("before a bootstrap leaves the export in its folder", async () => {
    const report = await go({ place: undefined });

    expect(report).toContain(`npm run etl -- import --from ${join(folder, "out")} --ledger`);
    expect(existsSync(join(folder, "out/export.json"))).toBe(true);
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  test("keeps the export in its folder if the bucket takes it not", async () => {
    s3.failures.push(403);

    await expect(go()).rejects.toThrow();

    expect(existsSync(join(folder, "out/export.json"))).toBe(true);
    expect(said.at(-1)).toBe(
      `the export was not put into the bucket: it is in ${join(folder, "out")}, whole and compared`,
    );
  });

  test.each([
    ["exported shop", false, /^Stopped: nothing was destroyed, and no export is left/, []],
    [
      `${LEDGER}: the same`,
      true,
      /^Stopped: nothing was destroyed\. The export is in \S+out, whole and compared; files in s3:/,
      ["out"],
    ],
    [
      "the export is in",
      false,
      /^Stopped: nothing was destroyed\. The export is in s3:\S+now, whole and compared$/,
      [],
    ],
  ])("stopped at %j says what is left", async (at, isBeforeNext, says, left) => {
    // Prepare
    const stop = new RehearsalStop();
    const ended: string[] = [];
    const end = () => {
      ended.push(stop.end(), readdirSync(folder).join());
      throw new Error("ended");
    };
    const say = (text: string) => {
      if (text.startsWith(at) && !isBeforeNext) end();
    };
    const place = {
      ...{ bucket: "states", prefix: "millrace/dev/exports/now/" },
      s3: {
        send: ({ input }: PutObjectCommand) => (input.Body as Readable).on("error", () => undefined) && end(),
      } as unknown as S3Client,
    };

    // Act
    const failure = await go({ stop, say, ...(isBeforeNext && { place }) }).catch(String);

    // Assess
    expect(failure).toBe("Error: ended");
    expect(ended[0]).toMatch(says);
    expect(ended[1]).toBe(left.join());
  });

  test("says that another owner's database stays, and exports the ledger", async () => {
    const report = await go({ resources: resources.filter(({ type }) => type === "aws_dynamodb_table") });

    expect(report).toContain("its tables stay");
    expect([...s3.objects.keys()]).toHaveLength(2);
    expect(report).toContain("4 items");
  });

  test("says that a database of ours has no tables before its first run", async () => {
    await run("drop schema public cascade");
    await run("create schema public");

    const report = await go();

    expect(report).toContain("The database has no tables yet.");
    expect(report).toContain("With them: 1 database, 1 function,");
    expect(report).not.toContain("another owner's");
  });

  test("needs the deployed function", async () => {
    const failure = await go({ resources: resources.filter(({ type }) => type !== "aws_lambda_function") }).catch(
      String,
    );

    expect(failure).toMatch(/no millrace-dev-export in the state of etl.*pg_dump/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("names the ledger that was deleted, with what to do", async () => {
    dynamodb.tables.delete(LEDGER);

    const failure = await go().catch(String);

    expect(failure).toMatch(
      /^MillraceError: The ledger of orders does not exist in AWS: got no table millrace-dev-orders-ledger\. .*restore-table-from-backup.*npm run deploy/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test("an import adds nothing to a ledger with other items, and goes on with its own", async () => {
    // Prepare
    await go({ place: undefined });
    const imported = (table: string) =>
      runEtl(
        folder,
        ["import", "--from", "out", "--ledger", table, "--database-url", "postgres://nobody@127.0.0.1:1/none"],
        {
          AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
          AWS_REGION: "eu-central-1",
          AWS_ACCESS_KEY_ID: "test",
          AWS_SECRET_ACCESS_KEY: "test",
        },
      );
    dynamodb.tables.set("other", [item("z")]);
    dynamodb.tables.set("half", [item("b", { expires: { N: "1700000000" } })]);

    // Act
    const [other, half] = [await imported("other"), await imported("half")];

    // Assess
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("The ledger other has other items") });
    expect(dynamodb.tables.get("other")).toHaveLength(1);
    expect(half.stderr).toContain("restored half: 4 items");
    expect(dynamodb.tables.get("half")).toHaveLength(4);
  });
});
