import type { Deployment } from "../../../../../scripts/cloud/deployment";
import { FILES, MESSAGES } from "../../../files/orders-files";
import { runOps } from "../../cloud";
import type { Session } from "../../roles/emulated-roles";
import type { People } from "../people";
import type { OrdersWorld } from "./orders-world";

const WRONG = FILES.orders.replace("2,300.00", "2,999.00");

interface UndoWorld {
  readonly deployment: Deployment;
  readonly people: People;
}

/** `ops undo` of a batch, by people. */
export function ordersUndoSuite(world: () => OrdersWorld & UndoWorld): void {
  test("are undone by an operator, not by a reader: the message of before with a higher version, and the wrong file is passed over", async () => {
    // Prepare
    const { feeds, consumer, putAll } = world();
    await putAll("undo/", FILES);
    await feeds.settle();
    await putAll("undo/", { ...FILES, orders: WRONG });
    await feeds.settle();
    const before = await received();
    const { operator, reader } = await world().people("undo/orders_20230828.csv");

    // Act
    const refused = await ops(reader, 1, "undo/20230828", "--dry-run");
    const rehearsed = await ops(operator, 0, "undo/20230828", "--dry-run");
    const undone = await ops(operator, 0, "undo/20230828@2", "--json");
    const again = await ops(operator, 0, "undo/20230828@2");
    await putAll("undo/", { ...FILES, orders: WRONG });
    await feeds.settle();

    // Assess
    expect(before.at(-1)).toMatchObject({ group: "2", version: 2, body: expect.stringContaining("999") });
    expect(refused.output).toContain("The AWS credentials do not allow this");
    expect(rehearsed.output).toContain(`before ${MESSAGES[1]}`);
    expect(rehearsed.stdout).toContain("send 2 of batch undo/20230828 would be undone: 1 message as it was");
    expect(JSON.parse(undone.stdout)).toMatchObject({ status: "succeeded", send: 2, by: 3, messages: 1 });
    expect(again.stdout).toContain("Nothing to undo: all customers are as they were before send 2");
    expect(await received()).toMatchObject([{ group: "2", version: 3, body: MESSAGES[1] }]);

    async function received() {
      return (await consumer.received()).toSorted((a, b) => a.version - b.version);
    }
  });

  const ops = (session: Session, expected: number, ...args: readonly string[]) => {
    const keys = {
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
    };
    return runOps({ env: { ...world().deployment.env, ...keys } }, ["undo", "orders", ...args], expected);
  };
}
