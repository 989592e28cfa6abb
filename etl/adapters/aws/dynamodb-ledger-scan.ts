import { type DynamoDBClient, paginateScan, type ScanCommandInput } from "@aws-sdk/client-dynamodb";

/** An item of the ledger, and its batch. */
export interface BatchItem {
  readonly batch: string;
  readonly name: string;
  readonly value: string;
}

/**
 * The items of these names, of all batches. DynamoDB reads the whole table for this, and charges for all of it: 0.125
 * USD a million reads of 4 KB (us-east-1, November 2026).
 *
 * Needs dynamodb:Scan on the table.
 */
export async function* scanLedger(
  client: DynamoDBClient,
  table: string,
  names: readonly string[],
): AsyncGenerator<BatchItem> {
  const values = Object.fromEntries(names.map((name, index) => [`:name${index}`, { S: name }]));
  yield* scanItems(client, {
    TableName: table,
    FilterExpression: `#name IN (${Object.keys(values).join(", ")})`,
    ExpressionAttributeNames: { "#name": "name" },
    ExpressionAttributeValues: values,
    ConsistentRead: true,
  });
}

/** All items, for half the price: writes of the last second may be missing. Needs dynamodb:Scan. */
export function scanWholeLedger(client: DynamoDBClient, table: string): AsyncGenerator<BatchItem> {
  return scanItems(client, { TableName: table });
}

async function* scanItems(client: DynamoDBClient, scan: ScanCommandInput): AsyncGenerator<BatchItem> {
  for await (const { Items = [] } of paginateScan({ client }, scan)) {
    for (const { batch, name, value } of Items)
      yield { batch: batch?.S ?? "", name: name?.S ?? "", value: value?.S ?? "" };
  }
}
