import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { FakeS3 } from "../support/fakes/fake-s3";
import { runEtl } from "../support/processes/run-etl";

const CONTRACT = {
  name: "shop",
  table: "shop",
  columns: { id: { type: "integer" }, note: { type: "text" } },
  key: ["id"],
};

describe("npm run etl -- export, and import", () => {
  let folder: string;
  const etl = (...args: string[]) => runEtl(folder, args);
  const elsewhere = (...args: string[]) => runEtl(join(folder, "other"), args);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-export-"));
    mkdirSync(join(folder, "other"));
    writeFileSync(join(folder, "shop.json"), JSON.stringify(CONTRACT));
    writeFileSync(join(folder, "a.csv"), 'id,note\n1,x\n2,"a ""q"""\n');
    writeFileSync(join(folder, "one.csv"), "id,note\n1,x\n");
    await etl("feed", "./shop.json", "a.csv", "--quiet");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("take a database with its ledger to another one, in which the feed goes on", async () => {
    // Act
    const exported = await etl("export", "--to", "out");
    const rehearsed = await elsewhere("import", "--from", "../out", "--rehearse");
    const imported = await elsewhere("import", "--from", "../out");
    const twice = await elsewhere("import", "--from", "../out");
    const fed = await elsewhere("feed", "../shop.json", "../a.csv");
    const again = await etl("export", "--to", "out");

    // Assess
    expect(exported).toMatchObject({ code: 0, stdout: "" });
    expect(exported.stderr).toMatch(/^exported shop: 2 rows$/m);
    expect(exported.stderr).toMatch(/^\d+ tables are in .*out\. To restore them: npm run etl -- import --from .*out$/m);
    const csv = gunzipSync(readFileSync(join(folder, "out/tables/shop.csv.gz"))).toString();
    expect(csv).toMatch(/^"id","note","source_object","source_offset"\n"1","x","1","8"\n"2","a ""q""","1","12"$/);
    expect(rehearsed).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/The export can be restored: \d+ tables/),
    });
    expect(imported).toMatchObject({ code: 0, stderr: expect.stringMatching(/^restored shop: 2 rows$/m) });
    expect(twice).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is not empty.*mv \.millrace\/db \.millrace\/db-before/),
    });
    expect(fed).toMatchObject({ code: 0, stdout: expect.stringContaining("There was nothing to do") });
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("must be a new one") });
  });

  describe("from a bucket", () => {
    let s3: FakeS3;
    const from = (place: string, env: NodeJS.ProcessEnv = {}) =>
      runEtl(folder, ["import", "--rehearse", "--from", place], {
        ...{ AWS_ENDPOINT_URL_S3: s3.endpoint, AWS_REGION: "eu-central-1" },
        ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
        ...{
          AWS_CONFIG_FILE: "/dev/null",
          AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
          AWS_EC2_METADATA_DISABLED: "true",
        },
        ...env,
      });

    beforeAll(async () => {
      s3 = await FakeS3.start();
      const tables = readdirSync(join(folder, "out/tables")).map((file) => `tables/${file}`);
      for (const place of ["b", "b/deep", "b/half"]) {
        for (const file of ["export.json", ...tables])
          s3.objects.set(`${place}/${file}`, readFileSync(join(folder, "out", file)));
      }
      s3.objects.delete("b/half/tables/shop.csv.gz");
    });
    afterAll(() => s3?.stop());

    test.each(["s3://b", "s3://b/", "s3://b/deep", "s3://b/deep/"])("%s is read", async (place) => {
      expect(await from(place)).toMatchObject({ code: 0, stderr: expect.stringMatching(/^restored shop: 2 rows$/m) });
    });

    test.each<[string, NodeJS.ProcessEnv, RegExp]>([
      ["s3://b/none", {}, /There is no complete export: got no export\.json, .*\(s3:\/\/b\/none\)\. Name the folder/],
      [
        "s3://b/half",
        {},
        /A file of the export is missing: got no tables\/shop\.csv\.gz .*Copy the whole export again/,
      ],
      ["s3://b/deep", { AWS_REGION: undefined }, /No usable AWS region is set: .*Set AWS_REGION/],
      ["s3://b/deep", { AWS_ACCESS_KEY_ID: undefined }, /There are no AWS credentials: .*aws sso login/],
    ])("%s with %j says what is missing and what to do", async (place, env, says) => {
      const { code, stderr } = await from(place, env);

      expect([code, stderr]).toEqual([1, expect.stringMatching(says)]);
      expect(stderr).not.toMatch(/^\s+at /m);
    });
  });

  test("an export with a row, in a folder whose name a shell would not read as one word", async () => {
    const own = join(folder, "one");
    mkdirSync(own);
    await runEtl(own, ["feed", "../shop.json", "../one.csv", "--quiet"]);

    const exported = await runEtl(own, ["export", "--to", "it's; out"]);
    const rehearsed = await runEtl(own, ["import", "--from", "it's; out", "--rehearse"]);

    expect(exported.stderr).toMatch(/^exported shop: 1 row$/m);
    expect(exported.stderr).toContain(`npm run etl -- import --from 'it'\\''s; out'`);
    expect(rehearsed.stderr).toMatch(/^restored shop: 1 row$/m);
  });

  test("an export without one of its files is refused before anything is restored", async () => {
    await etl("export", "--to", "cut");
    rmSync(join(folder, "cut/tables/shop.csv.gz"));

    const { code, stderr } = await elsewhere("import", "--from", "../cut", "--rehearse");

    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: A file of the export is missing: got no tables\/shop\.csv\.gz, expected the \d+ files/,
    );
    expect(stderr).not.toMatch(/^restored/m);
  });

  test("an export that did not end is named where its folder is to be used again", async () => {
    await etl("export", "--to", "unended");
    rmSync(join(folder, "unended/export.json"));

    const { code, stderr } = await etl("export", "--to", "unended");

    expect(code).toBe(2);
    expect(stderr).toMatch(
      /with \d+ files, of an export that did not end\. Name another one with --to, or delete this one/,
    );
  });
});
