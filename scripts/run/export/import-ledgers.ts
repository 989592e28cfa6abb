import { AWS_PATIENCE } from "../../../etl/adapters/aws/patience";
import { counted } from "../../../etl/core/counted";
import { UsageError } from "../../../etl/core/errors";
import { compareItems, hashLines } from "../../../etl/core/export/ledger-lines";
import type { OpenedExport } from "./open-export";

/**
 * Restores the ledger of an export into a DynamoDB table, if one is named; otherwise ledgers are only read, and named.
 *
 * @throws SourceError if the items are not those that were exported
 */
export async function importLedgers(
  { manifest, openLedger }: Pick<OpenedExport, "manifest" | "openLedger">,
  table: string | undefined,
): Promise<void> {
  const [first] = manifest.ledgers;
  if (table !== undefined && (first === undefined || manifest.ledgers.length > 1)) {
    throw new UsageError("--ledger names the table of one ledger", {
      got: `an export with ${manifest.ledgers.length}`,
      fix: "Leave it out",
    });
  }
  if (first === undefined) return;
  const [{ DynamoDBClient }, { restoreLedger }] = await Promise.all([
    import("@aws-sdk/client-dynamodb"),
    import("../../../etl/adapters/aws/dynamodb-ledger-restore"),
  ]);
  for (const each of manifest.ledgers) {
    const lines = () => openLedger(each);
    const got = await (table === undefined
      ? hashLines(lines())
      : restoreLedger(new DynamoDBClient(AWS_PATIENCE), table, lines));
    compareItems(each, got, table ?? each.file);
    console.error(
      table === undefined
        ? `not restored without --ledger TABLE: the ${counted(each.items, "item")} of ${each.table}`
        : `restored ${table}: ${counted(each.items, "item")}`,
    );
  }
}
