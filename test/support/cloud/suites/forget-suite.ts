import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { runOps } from "../cloud";
import type { Session } from "../roles/emulated-roles";
import type { DoorsWorld } from "./doors-suite";
import type { People } from "./people";

const KINDS = ["customers", "orders", "items"] as const;
/** A customer of nobody else's batch, in good rows and in a bad one. */
const GONE = "c-77";
const files = {
  customers: `customer_id,customer_name\n${GONE},Gone Away\nc-78,Still There\n`,
  orders: `order_id,customer_id,amount\n1,${GONE},1.00\n2,c-78,2.00\n3,${GONE},1e3\n4,c-78,1e3\n`,
  items: "item_id,order_id\n",
} as const;
const CORRECTED = files.orders.replace("1.00", "1.50").replace("2.00", "2.50");

/** `ops forget` on a deployment, by the administrator and by people. */
export function forgetSuite(world: () => DoorsWorld & { readonly people: People }): void {
  test("lose a customer for good by `ops forget`, in all versions, and no later file of the batch brings them back", async () => {
    // Prepare
    const { feeds, consumer } = world();
    await putAll(files.orders);
    await putAll(CORRECTED);
    await feeds.upload("messages/forget/20230828/large.json", `{"id":"${GONE}","name":"Gone Away"}`);
    await feeds.upload("messages/forget/20230828/other.json", '{"id":"c-78","name":"Still There"}');
    await consumer.received();

    // Act
    const unasked = await ops(["forget", "orders", GONE], 2);
    const first = await ops(["forget", "orders", GONE, "--yes"]);
    const second = await ops(["forget", "orders", GONE]);

    // Assess
    expect(unasked.output).toContain("Nothing was removed: there is no terminal to confirm on");
    expect(first.stdout).toMatch(
      /Removed: from the ledger of 1 batch, 1 version of messages, 1 rejected row \(2 versions/,
    );
    for (const kind of ["customers", "orders"]) expect(first.stdout).toContain(`forget/${kind}_20230828.csv, version `);
    expect(second.stdout).toContain(`Nothing is left of customer ${GONE} in ledger, messages and rejected files.`);
    expect(await read("rejected/forget/20230828/rows.csv")).toMatch(
      /^source,line,reason,raw\r\n[^\n]*4,c-78,1e3[^\n]*\r\n$/,
    );
    expect(await read("messages/forget/20230828/other.json")).toContain("Still There");
    await expect(read("messages/forget/20230828/large.json")).rejects.toMatchObject({ name: "NoSuchKey" });

    // Act
    await ops(["replay", "orders", "forget/orders_20230828.csv"]);
    await feeds.settle();
    await putAll(files.orders);

    // Assess
    expect((await consumer.received()).map(({ group, version }) => `${group} ${version}`)).toEqual(["c-78 3"]);
    expect((await ops(["forget", "orders", GONE])).stdout).toContain("Nothing is left of customer");
  });

  test("are all that an operator's policy is for: links for partners, trying again, and forgetting; a reader's is for none of it", async () => {
    // Prepare
    const { feeds } = world();
    await putAll(files.orders);
    const { operator, reader } = await world().people("forget/customers_20230828.csv");
    const link = ["upload-link", "orders", "bylink", "--json"];
    const forget = ["forget", "orders", "c-78", "--yes"];
    const replay = ["replay", "orders", "forget/orders_20230828.csv"];
    await feeds.bury("orders", "forget/items_20230828.csv");

    // Act
    const { url, fields, warning } = JSON.parse((await ops(link, 0, operator)).stdout);
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
    form.set("file", new Blob(["x"]), "notes.txt");
    const { status } = await fetch(url, { method: "POST", body: form });
    const redriven = await ops(["redrive", "orders"], 0, operator);
    const replayed = await ops(replay, 0, operator);
    await feeds.settle();
    const removed = await ops(forget, 0, operator);
    const refused = [await ops(forget, 1, reader), await ops(replay, 1, reader)];

    // Assess
    expect(status).toBe(204);
    expect(warning).toMatch(/its end is unknown/);
    expect(removed.stdout).toMatch(/Removed: from the ledger of 1 batch, 1 version of messages, 1 rejected row/);
    expect(redriven.stdout).toBe("orders: about 1 event goes back into the queue");
    expect(replayed.stdout).toMatch(/^orders will read s3:\S+forget\/orders_20230828\.csv again/);
    expect(await feeds.deadLetters("orders")).toBe(0);
    for (const { output } of refused) expect(output).toContain("The AWS credentials do not allow this");
  });

  const ops = (args: readonly string[], expected = 0, session?: Session) => {
    const { env } = world().deployment;
    const keys = session && {
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
    };
    return runOps({ env: { ...env, ...keys } }, args, expected);
  };

  async function putAll(orders: string): Promise<void> {
    const { feeds } = world();
    for (const kind of KINDS)
      await feeds.upload(`forget/${kind}_20230828.csv`, kind === "orders" ? orders : files[kind]);
    await feeds.settle();
  }

  async function read(Key: string): Promise<string> {
    const { cloud, feeds } = world();
    const { Body } = await new S3Client(cloud.client).send(new GetObjectCommand({ Bucket: feeds.bucket, Key }));
    return (await Body?.transformToString()) ?? "";
  }
}
