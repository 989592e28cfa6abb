import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { FILES, MESSAGES } from "../support/files/orders-files";
import { runEtl } from "../support/processes/run-etl";

describe("npm run etl -- orders", () => {
  let folder: string;
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(folder, "incoming", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  const writeAll = (prefix = "") => {
    for (const kind of ["customers", "orders", "items"] as const) write(`${prefix}${kind}_20230828.csv`, FILES[kind]);
  };
  const run = (...args: string[]) => runEtl(folder, ["orders", "incoming", ...args]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-orders-cli-"));
    mkdirSync(join(folder, "incoming"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("prints the messages as JSON lines, then only what is new or corrected", async () => {
    // Prepare
    writeAll();

    // Act
    const first = await run();
    const second = await run();
    write("orders_20230828.csv.gz", gzipSync(FILES.orders.replace("2,300.00", "2,300.30")));
    const corrected = await run();
    const fresh = await run("--fresh", "--quiet");

    // Assess
    const lines = MESSAGES.map((message) => `${message}\n`);
    expect(first).toMatchObject({ code: 0, stdout: lines.join("") });
    expect(first.stderr).toMatch(/Batch 20230828: 3 messages sent \(3 new[\s\S]*read 3 customers, 5 orders, 6 items/);
    expect(second).toMatchObject({ code: 0, stdout: "", stderr: "20230828: nothing new\n" });
    expect(corrected.stdout).toMatch(/^\{"id":"2",.*"total_amount_spent":300\.3,.*\n$/);
    expect(fresh.stdout.split("\n")).toHaveLength(4);
    expect(fresh.stderr).toBe("");
    expect(readdirSync(join(folder, "incoming")).sort()).toEqual([
      ...["customers_20230828.csv", "items_20230828.csv", "orders_20230828.csv", "orders_20230828.csv.gz"],
    ]);
  });

  test("undoes a batch: prints the messages of before again, from copies of the files, and passes the wrong file over", async () => {
    // Prepare
    const undo = (...args: string[]) => runEtl(folder, ["undo", "orders", "20230828", "--folder", "incoming", ...args]);
    writeAll();
    await run();
    write("orders_20230828.csv", FILES.orders.replace("2,300.00", "2,300.30"));
    await run();

    // Act
    const rehearsed = await undo("--dry-run");
    const undone = await undo();
    const again = await undo();
    const next = await run();
    const json = await undo("--json");

    // Assess
    expect(rehearsed).toMatchObject({ code: 0, stdout: "" });
    expect(rehearsed.stderr).toContain(`before ${MESSAGES[1]}`);
    expect(undone).toMatchObject({ code: 0, stdout: `${MESSAGES[1]}\n` });
    expect(undone.stderr).toContain("send 2 of batch 20230828 undone by send 3: 1 message as it was before");
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("newest send of the batch is an undo") });
    expect(next).toMatchObject({ code: 0, stdout: "", stderr: "20230828: nothing new\n" });
    expect(json).toMatchObject({ code: 2, stderr: expect.stringContaining("no place for --json") });
  });

  test.each([
    ["empty", ""],
    ["cut", '{"batch":"2023'],
    ["something else", '{"a":1}'],
    ["spoilt within", '{"batch":"20230828","name":"batch","value":"{","revision":"1"}'],
  ])("a ledger whose file is %s is told, with the way out", async (_, content) => {
    // Prepare
    writeAll();
    await run();
    const files = readdirSync(join(folder, ".millrace"), { recursive: true, withFileTypes: true });
    const ledger = files.find(({ name, parentPath }) => name === "batch.json" && parentPath.includes("ledger"));
    const path = join(ledger?.parentPath ?? "", "batch.json");
    writeFileSync(path, content);

    // Act
    const spoilt = await run();
    const fresh = await run("--fresh");

    // Assess
    expect(spoilt.code).toBe(1);
    expect(spoilt.stderr).toMatch(/^error: The ledger of orders cannot be read: got .*batch.*--fresh removes it/m);
    expect(spoilt.stderr).not.toMatch(/\n\s+at /);
    expect(fresh).toMatchObject({ code: 0, stdout: expect.stringContaining(MESSAGES[0]) });
  });

  test("leaves out a folder and a dangling link that are named like a file", async () => {
    // Prepare
    writeAll();
    write("orders_20230830.csv/notes.txt", "x");
    symlinkSync("nowhere", join(folder, "incoming", "items_20230901.csv"));

    // Act
    const { code, stderr } = await run();

    // Assess
    expect(code).toBe(0);
    expect(stderr).toContain(
      "warning: orders_20230830.csv is left out: it is a folder, or a link that leads to no file",
    );
    expect(stderr).toContain("warning: items_20230901.csv is left out");
    expect(stderr).not.toContain("waits for");
  });

  test("a packed file that is cut off is reported, with the fix", async () => {
    // Prepare
    writeAll();
    rmSync(join(folder, "incoming", "customers_20230828.csv"));
    write("customers_20230828.csv.gz", gzipSync(FILES.customers.repeat(1_000)).subarray(0, -100));

    // Act
    const { code, stderr } = await run();

    // Assess
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: This file cannot be unpacked: got unexpected end of file, expected gzip \(customers_20230828.csv.gz\)/m,
    );
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("a broken batch fails without the others; a late one waits; rejected rows are kept", async () => {
    // Prepare
    writeAll("broken/");
    write("broken/items_20230828.csv", "<!doctype html>\n");
    writeAll("good/");
    write("good/items_20230828.csv", `${FILES.items.trim()}\n507,9999\n`);
    write("late/orders_20230828.csv", FILES.orders);

    // Act
    const { code, stdout, stderr } = await run();

    // Assess
    expect(code).toBe(1);
    expect(stdout.trim().split("\n")).toEqual(MESSAGES);
    expect(stderr).toMatch(/error: The header has no column item_id.*broken\/items_20230828.csv, line 1/);
    expect(stderr).toMatch(/late\/20230828: waits for customers and items/);
    const where = stderr.match(/^All: (.*)$/m)?.[1] ?? "";
    expect(readFileSync(join(folder, where), "utf8")).toMatch(/good\/items_20230828.csv,8,.*507,9999/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("takes made-up samples without a folder", async () => {
    const { code, stdout, stderr } = await runEtl(folder, ["orders"]);
    expect({ code, lines: stdout.trim().split("\n").length }).toEqual({ code: 0, lines: 8 });
    expect(stdout).toContain(`"name":"Robert'; -- Example"`);
    expect(stderr).toContain("made-up samples");
  });

  test.each([
    [["orders", "nowhere"], 2, /'nowhere' is invalid.*there is no such folder/],
    [["orders", "incoming"], 1, /The folder has no files of orders/],
    [["orders", "--nonsense"], 2, /unknown option/],
    [["metadata"], 2, /missing required argument 'file'/],
  ])("%j ends with exit code %i", async (args, expected, message) => {
    const { code, stdout, stderr } = await runEtl(folder, args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("metadata prints a line for each file, and fails for one that is not there", async () => {
    // Prepare
    write("a b+é.json", "x".repeat(1_536));

    // Act
    const { code, stdout, stderr } = await runEtl(folder, ["metadata", "gone.txt", "incoming/a b+é.json"]);

    // Assess
    expect(code).toBe(2);
    expect(stderr).toMatch(/The file cannot be read: .*gone\.txt/);
    expect(JSON.parse(stdout)).toMatchObject({
      content_type: "application/json",
      size: 1.5,
      metadata: {},
      bucket: null,
    });
  });

  test("rejected rows that cannot be kept are a warning, and the next run keeps them", async () => {
    // Prepare
    writeAll();
    await run("--quiet");
    const [own = ""] = readdirSync(join(folder, ".millrace", "orders"));
    const rejected = join(folder, ".millrace", "orders", own, "rejected");
    writeFileSync(rejected, "a file where the folder should be");
    writeAll("more/");
    write("more/orders_20230828.csv", `${FILES.orders}99,nobody,1.00\n`);

    // Act
    const full = await run("--quiet");
    rmSync(rejected);
    const next = await run("--quiet");

    // Assess
    expect(full).toMatchObject({ code: 0, stdout: MESSAGES.map((message) => `${message}\n`).join("") });
    expect(full.stderr).toMatch(/^warning: the rejected rows could not be kept: The file cannot be written: [^\n]*\n$/);
    expect(next).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
    expect(readFileSync(join(rejected, "more", "20230828", "rows.csv"), "utf8")).toContain("99,nobody,1.00");
  });
});
