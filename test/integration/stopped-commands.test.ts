import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandEnd, startEtl } from "../support/processes/run-etl";

const CORRECTED =
  "millrace_row,millrace_reason,date,cases,deaths,millrace_source,millrace_line,millrace_byte,millrace_run,millrace_text\r\n" +
  '1,bad,2020-01-20,1,0,cases,2,10,00000000-0000-0000-0000-000000000000,"2020-01-20,x,0"\r\n';

/** How a command ends that is stopped while it waits for a database that answers nothing. */
async function stopAtDatabase(folder: string, args: readonly string[], signal: NodeJS.Signals): Promise<CommandEnd> {
  const silent = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.resume();
  });
  await once(silent.listen(0, "127.0.0.1"), "listening");
  const { port } = silent.address() as AddressInfo;
  const command = startEtl(folder, [...args, "--database-url", `postgres://me@127.0.0.1:${port}/none`]);
  await once(silent, "connection");
  command.kill(signal);
  return command.end.finally(() => silent.close());
}

describe("a command that writes in one transaction", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-stop-"));
    writeFileSync(join(folder, "rows.csv"), CORRECTED);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    [
      ["undo", "covid", "abcd"],
      "SIGINT",
      130,
      /^Stopped: nothing of covid was undone\. The same command starts over$/m,
    ],
    [["undo", "covid", "abcd", "--dry-run"], "SIGTERM", 143, /^Stopped\. It was a dry run: nothing was kept$/m],
    [
      ["mend", "covid", "rows.csv"],
      "SIGINT",
      130,
      /^Stopped: nothing of covid was mended\. The same command starts over$/m,
    ],
  ] as const)("%j says what it leaves where %s stops it", async (args, signal, expected, says) => {
    const { code, stdout, stderr } = await stopAtDatabase(folder, [...args, "--json"], signal);

    expect(code).toBe(expected);
    expect(stderr).toMatch(says);
    expect(JSON.parse(stdout)).toMatchObject({ status: "interrupted", kind: "interrupted", runId: null });
  });

  test("an import says that no table was restored", async () => {
    const contract = { name: "shop", table: "shop", columns: { id: { type: "integer" } }, key: ["id"] };
    writeFileSync(join(folder, "shop.json"), JSON.stringify(contract));
    writeFileSync(join(folder, "a.csv"), "id\n1\n");
    await startEtl(folder, ["feed", "./shop.json", "a.csv"]).end;
    await startEtl(folder, ["export", "--to", "out"]).end;

    const { code, stderr } = await stopAtDatabase(folder, ["import", "--from", "out"], "SIGINT");

    expect(code).toBe(130);
    expect(stderr).toMatch(/^Stopped: no table was restored\. The same command goes on$/m);
  });

  test("an undo of orders that is stopped among its messages says so, and the next command goes on with it", async () => {
    // Prepare: more messages than a pipe holds, so that the undo waits for its reader.
    const ids = Array.from({ length: 6_000 }, (_, at) => at + 1);
    const of = (header: string, row: (id: number) => string) => `${[header, ...ids.map(row)].join("\n")}\n`;
    const put = (kind: string, text: string) => writeFileSync(join(folder, "in", `${kind}_20230828.csv`), text);
    const etl = (...args: string[]) => startEtl(folder, args);
    const ordersOf = (amount: string) => of("order_id,customer_id,amount", (id) => `${id},${id},${amount}`);
    mkdirSync(join(folder, "in"));
    put(
      "customers",
      of("customer_id,customer_name", (id) => `${id},Jane Smith`),
    );
    put(
      "items",
      of("item_id,order_id", (id) => `${id},${id}`),
    );
    put("orders", ordersOf("2.00"));
    await etl("orders", "in").end;
    put("orders", ordersOf("9.00"));
    await etl("orders", "in").end;

    // Act
    const command = etl("undo", "orders", "20230828", "--folder", "in");
    const { stdout } = command;
    if (stdout === null) throw new Error("it has no standard output");
    await once(stdout, "data");
    stdout.pause();
    command.kill("SIGINT");
    stdout.resume();
    const stopped = await command.end;
    const next = await etl("orders", "in").end;

    // Assess
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(
      /^Stopped: messages that were printed stay; npm run etl -- orders with this folder goes on/m,
    );
    expect(next).toMatchObject({ code: 0, stderr: expect.stringContaining("went on with the undo of send 2") });
  });
});
