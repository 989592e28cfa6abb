import { type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { itemLine } from "../../core/export/ledger-lines";

/** All items of a ledger as they are, each as one line of JSON. Needs dynamodb:Scan. */
export async function* readLedgerLines(client: DynamoDBClient, table: string): AsyncGenerator<string> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const item of Items) yield itemLine(item, table);
  }
}
