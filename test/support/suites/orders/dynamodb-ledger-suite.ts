import { CreateTableCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { readLedgerLines } from "../../../../etl/adapters/aws/dynamodb-ledger-items";
import { restoreLedger } from "../../../../etl/adapters/aws/dynamodb-ledger-restore";
import { DynamoDbLedgerStore } from "../../../../etl/adapters/aws/dynamodb-ledger-store";
import { hashLines } from "../../../../etl/core/export/ledger-lines";
import type { EmulatedClient } from "../../cloud/emulated/emulated-orders";

interface EmulatedLedger {
  readonly table: string;
  readonly administrator: EmulatedClient;
  /** Of the function that sends. */
  readonly sender: EmulatedClient;
}

/** What the ledger in DynamoDB does beside what every ledger store must do. */
export function dynamodbLedgerSuite(ledger: () => EmulatedLedger): void {
  let dynamodb: DynamoDBClient;
  beforeAll(() => {
    dynamodb = new DynamoDBClient(ledger().sender);
  });
  afterAll(() => dynamodb?.destroy());

  test("a ledger is exported, restored into another table, and found there again by a second import", async () => {
    // Prepare
    const administrator = new DynamoDBClient(ledger().administrator);
    const [batch, name] = ["batch", "name"] as const;
    await administrator.send(
      new CreateTableCommand({
        ...{ TableName: "restored", BillingMode: "PAY_PER_REQUEST" },
        AttributeDefinitions: [batch, name].map((each) => ({ AttributeName: each, AttributeType: "S" })),
        KeySchema: [
          { AttributeName: batch, KeyType: "HASH" },
          { AttributeName: name, KeyType: "RANGE" },
        ],
      }),
    );
    await new DynamoDbLedgerStore(dynamodb, ledger().table).write("exported", "batch", "{}", undefined);
    const exported = () => readLedgerLines(administrator, ledger().table);

    // Act
    const restored = [
      await restoreLedger(administrator, "restored", exported),
      await restoreLedger(administrator, "restored", exported),
    ];

    // Assess
    const whole = await hashLines(exported());
    expect(whole.items).toBeGreaterThan(0);
    expect(restored).toEqual([whole, whole]);
    await expect(restoreLedger(administrator, "none", exported)).rejects.toThrow(
      /There is no such table in DynamoDB: got none in eu-central-1/,
    );
    administrator.destroy();
  });

  test("knows a write as its own when the answer to it was lost", async () => {
    // Prepare
    const client = new DynamoDBClient({ ...ledger().sender, maxAttempts: 3 });
    let lost = 0;
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        lost += 1;
        if (lost === 1) throw Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
        return answer;
      },
      { step: "deserialize", priority: "low" },
    );
    const store = new DynamoDbLedgerStore(client, ledger().table);

    // Act
    const revision = await store.write("lost", "batch", "{}", undefined);

    // Assess
    expect(lost).toBe(2);
    expect(await store.read("lost", "batch")).toEqual({ name: "batch", value: "{}", revision });
    expect(await store.write("lost", "batch", "{}", undefined)).toBeUndefined();
    client.destroy();
  });

  test("writes when an item may be deleted, only if it has a number of days", async () => {
    // Act
    await new DynamoDbLedgerStore(dynamodb, ledger().table, 90).write("kept for days", "batch", "{}", undefined);
    await new DynamoDbLedgerStore(dynamodb, ledger().table).write("kept for ever", "batch", "{}", undefined);

    // Assess
    const expiryOf = async (batch: string) => {
      const Key = { batch: { S: batch }, name: { S: "batch" } };
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName: ledger().table, Key }));
      return Item?.expires?.N;
    };
    const days = (Number(await expiryOf("kept for days")) - Date.now() / 1000) / (24 * 3600);
    expect(days).toBeCloseTo(90, 1);
    expect(await expiryOf("kept for ever")).toBeUndefined();
  });
}
