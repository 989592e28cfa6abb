import { Command } from "commander";
import { bucketName, resourceName } from "../../../config/names";
import { scanLedger } from "../../../etl/adapters/aws/dynamodb-ledger-scan";
import { DynamoDbLedgerStore } from "../../../etl/adapters/aws/dynamodb-ledger-store";
import { S3ObjectVersions } from "../../../etl/adapters/s3/object-versions";
import { UsageError } from "../../../etl/core/errors";
import { findCustomer } from "../../../etl/pipelines/orders/forget/find-customer";
import { batchesOf, forgetInBatch, type Removed } from "../../../etl/pipelines/orders/forget/forget-customer";
import { systemClock } from "../../../etl/pipelines/orders/ledger/lease";
import { agrees } from "../../deliver/deploy/ask";
import { describeFound, describeRemoved, describeStaying, isForgotten } from "../forget";
import { onLedger } from "../missing-ledger";
import { DeployedQueue } from "../queue";
import { type Output, Session } from "../session";

interface Options extends Output {
  readonly yes?: boolean;
}

/** `ops forget`. */
export function forgetCommand(): Command {
  return new Command("forget")
    .description(
      "Removes one customer from the ledger, the messages and the rejected rows of orders, in all versions, and lists the " +
        "partner's files that still contain it. Reading these batches again sends no message about the customer.",
    )
    .argument("<name>", "the pipeline: orders")
    .argument("<customer>", "the customer's id, as in the files")
    .option("--yes", "removes without asking")
    .option("--json", "one JSON object")
    .action((name: string, customer: string, options: Options) =>
      Session.run(options, (session) => forget(session, name, customer, options)),
    );
}

async function forget(session: Session, name: string, customer: string, { yes }: Options): Promise<void> {
  if (name !== "orders") {
    throw new UsageError("Only orders knows customers", { got: JSON.stringify(name), expected: "orders" });
  }
  const pipeline = session.pipeline(name);
  const { dynamodb, s3 } = session.aws;
  const objects = new S3ObjectVersions(s3, bucketName(session.config, "incoming", await session.accountOf(pipeline)));
  const table = resourceName(session.config, "orders", "ledger");
  const scan = (names: readonly string[]) => scanLedger(dynamodb, table, names);
  const found = await onLedger(table, () =>
    findCustomer({ objects, scan }, customer, session.config.pipelines.orders.prefix),
  );
  const waiting = await countWaiting(session);
  const staying = describeStaying(found, waiting);
  if (isForgotten(found)) {
    const nothing = `Nothing is left of customer ${customer} in ledger, messages and rejected files.`;
    session.show(`${nothing}\n${staying}`, { customer, found, waiting });
    return;
  }
  session.tell(describeFound(customer, found));
  if (yes !== true) await confirm(customer);
  const ledger = new DynamoDbLedgerStore(dynamodb, table, session.config.retention.ledgerDays);
  const ports = { ledger, objects, clock: systemClock };
  const removed: { -readonly [Key in keyof Removed]: number } = {
    ledger: 0,
    messages: 0,
    rejectedRows: 0,
    rejectedVersions: 0,
  };
  const remove = async () => {
    for (const batch of batchesOf(found)) {
      const part = await forgetInBatch(batch, customer, ports);
      for (const key of Object.keys(removed) as (keyof Removed)[]) removed[key] += part[key];
    }
  };
  await session.waiting(
    () => `customer ${customer} is removed from some batches at most. The same command removes the rest`,
    remove,
  );
  session.show(`${describeRemoved(removed)}\n${staying}`, { customer, found, waiting, removed });
}

/** @throws UsageError unless somebody says yes */
async function confirm(customer: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UsageError("Nothing was removed: there is no terminal to confirm on", {
      fix: "Give --yes to remove all this",
    });
  }
  if (await agrees(`Remove customer ${customer} permanently?`, new AbortController().signal)) return;
  throw new UsageError("Nothing was removed: you did not say yes");
}

async function countWaiting({ aws, config }: Session): Promise<number> {
  const names = ["outgoing.fifo", "outgoing-dead-letters.fifo"].map((queue) => resourceName(config, "orders", queue));
  const counts = await Promise.all(names.map(async (queue) => (await DeployedQueue.find(aws.sqs, queue)).counts()));
  return counts.reduce((sum, { waiting, inFlight, delayed }) => sum + waiting + inFlight + delayed, 0);
}
