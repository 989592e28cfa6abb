import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { UsageError } from "../../core/errors";
import { hashLines, itemLine, type LedgerRows, readItemLine } from "../../core/export/ledger-lines";
import { readLedgerLines } from "./dynamodb-ledger-items";

const AT_ONCE = 20;

/**
 * Writes all items of an export into a table, and never over another item. After an interruption, it goes on.
 *
 * Needs dynamodb:Scan and PutItem.
 *
 * @param open reads the items' lines from the beginning
 * @returns what the table has then
 * @throws UsageError if the table has an item that is none of these
 */
export async function restoreLedger(
  client: DynamoDBClient,
  table: string,
  open: () => AsyncIterable<string>,
): Promise<LedgerRows> {
  for await (const existing of readLedgerLines(client, table)) {
    if (!(await includes(open(), existing))) throw notEmpty(table);
    break;
  }
  let batch: string[] = [];
  const write = async () => {
    await Promise.all(batch.map((line) => putLine(client, table, line)));
    batch = [];
  };
  for await (const line of open()) {
    batch.push(line);
    if (batch.length >= AT_ONCE) await write();
  }
  await write();
  return hashLines(readLedgerLines(client, table));
}

async function putLine(client: DynamoDBClient, table: string, line: string): Promise<void> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: readItemLine(line, table),
        // BATCH is a reserved word of DynamoDB's expressions.
        ConditionExpression: "attribute_not_exists(#batch)",
        ExpressionAttributeNames: { "#batch": "batch" },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    if (error.Item === undefined || itemLine(error.Item, table) !== line) throw notEmpty(table);
  }
}

async function includes(lines: AsyncIterable<string>, wanted: string): Promise<boolean> {
  for await (const line of lines) if (line === wanted) return true;
  return false;
}

function notEmpty(table: string): UsageError {
  return new UsageError(`The ledger ${table} has other items`, {
    expected: "a table without items: an import adds nothing to what exists",
    fix: "Import before orders runs; the items of a trial can be deleted by hand",
  });
}
