import { counted } from "../../etl/core/counted";
import type { CustomerPlaces } from "../../etl/pipelines/orders/forget/find-customer";
import type { Removed } from "../../etl/pipelines/orders/forget/forget-customer";

/** Whether none of the pipeline's own data contains the customer, and no file will bring it back. */
export function isForgotten({ ledger, messages, rejected, unmarked }: CustomerPlaces): boolean {
  return ledger.length + messages.length + rejected.length + unmarked.length === 0;
}

/** What would be removed. */
export function describeFound(customer: string, { ledger, messages, rejected, unmarked }: CustomerPlaces): string {
  const lines = [
    ledger.length > 0 && `ledger: ${counted(ledger.length, "batch", "batches")} (${ledger.join(", ")})`,
    messages.length > 0 && `messages in the bucket: ${counted(messages.length, "version")} of ${keys(messages)}`,
    rejected.length > 0 && `rejected rows: ${counted(rejected.length, "version")} of ${keys(rejected)}`,
    unmarked.length > 0 && `batches that would send a message: ${unmarked.join(", ")}`,
  ];
  return [`Customer ${customer} is in`, ...lines.filter((line) => line !== false).map((line) => `  ${line}`)].join(
    "\n",
  );
}

export function describeRemoved({ ledger, messages, rejectedRows, rejectedVersions }: Removed): string {
  return (
    `Removed: from the ledger of ${counted(ledger, "batch", "batches")}, ${counted(messages, "version")} of messages, ` +
    `${counted(rejectedRows, "rejected row")} (${counted(rejectedVersions, "version")} of their files)`
  );
}

/** What the command does not reach, and what happens to it. */
export function describeStaying({ files }: CustomerPlaces, waiting: number): string {
  const lines = files.map(({ key, version, isNewest, rows }) => {
    const what = rows === undefined ? "cannot be read: check it yourself" : counted(rows, "row");
    return `  ${key}, version ${version}${isNewest ? "" : " (an earlier one)"}: ${what}`;
  });
  return [
    ...(files.length === 0
      ? ["No file of a partner contains the customer."]
      : [
          "Files of the partner that contain the customer (and the orders' items in items_… of the same batch) stay as they were sent:",
          ...lines,
          "Ask the partner for files without the customer, or delete these versions: aws s3api delete-object --version-id",
        ]),
    "Batches named here send no message about the customer again, even if they are replayed or sent again; a batch of another date or prefix does.",
    `Not reached: ${counted(waiting, "message")} in the outgoing queue and its dead letters, messages that consumers received, sent e-mails, and ` +
      "the ledger's backups, which DynamoDB keeps for 35 days.",
  ].join("\n");
}

function keys(versions: readonly { readonly key: string }[]): string {
  return [...new Set(versions.map(({ key }) => key))].join(", ");
}
