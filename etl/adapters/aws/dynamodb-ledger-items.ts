import { type DynamoDBClient, paginateScan, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { UsageError } from "../../core/errors";
import { itemLine } from "../../core/export/ledger-lines";

/**
 * All items of a ledger as they are, each as one line of JSON. Needs dynamodb:Scan.
 *
 * @throws UsageError if there is no such table
 */
export async function* readLedgerLines(client: DynamoDBClient, table: string): AsyncGenerator<string> {
  try {
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
      for (const item of Items) yield itemLine(item, table);
    }
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new UsageError("There is no such table in DynamoDB", {
      got: `${table} in ${await client.config.region()}`,
      fix: "Check its name, the region (AWS_REGION) and the account of the credentials",
      cause: error,
    });
  }
}
