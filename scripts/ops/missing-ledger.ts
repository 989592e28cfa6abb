import { MillraceError } from "../../etl/core/errors";
import { isMissing } from "./aws";

/** Work on the table of the ledger of `orders`. @throws MillraceError if there is none, also if the adapter says so */
export async function onLedger<Answer>(table: string, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (cause) {
    if (!isMissing(cause) && !isMissing(cause instanceof Error ? cause.cause : undefined)) throw cause;
    throw new MillraceError("The ledger of orders does not exist in AWS", {
      got: `no table ${table}`,
      fix:
        "If orders is not deployed, deploy etl, or check ENVIRONMENT, the region and the credentials. If somebody deleted it: DynamoDB keeps " +
        "a backup for 35 days (aws dynamodb restore-table-from-backup); npm run deploy makes an empty one",
      cause,
    });
  }
}
