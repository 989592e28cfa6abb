import { paginateDescribeDBSnapshots, type RDSClient } from "@aws-sdk/client-rds";
import { counted } from "../../../../etl/core/counted";
import { inlineCode } from "../../plan-review/render/escape-markdown";
import { type StackResource, textsOf } from "./stack-resources";

/** Databases and what remains of them: automatic backups are deleted with an instance, snapshots stay. */
export async function describeDatabases(
  rds: RDSClient,
  resources: readonly StackResource[],
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const identifier of textsOf(resources, "aws_db_instance", "identifier")) {
    const kinds: string[] = [];
    for await (const page of paginateDescribeDBSnapshots({ client: rds }, { DBInstanceIdentifier: identifier })) {
      kinds.push(...(page.DBSnapshots ?? []).map(({ SnapshotType }) => SnapshotType ?? "manual"));
    }
    const automatic = kinds.filter((kind) => kind === "automated").length;
    lines.push(
      "",
      `Database ${inlineCode(identifier)}: ${automatic} automatic backups are deleted with it, ` +
        `${kinds.length - automatic} snapshots stay.`,
    );
  }
  if (lines.length === 0) return [];
  return [...lines, "", ...keyWarning(resources)];
}

/** A snapshot is encrypted with its database's key, and useless without it. */
function keyWarning(resources: readonly StackResource[]): readonly string[] {
  const keys = textsOf(resources, "aws_db_instance", "kms_key_id");
  const ours = resources.filter(({ type, values }) => type === "aws_kms_key" && keys.includes(String(values.arn)));
  return ours.map(({ values }) => {
    const { arn, deletion_window_in_days: days } = values;
    return (
      `> [!WARNING]\n> Snapshots are encrypted with ${inlineCode(String(arn))}, which is deleted too, ${counted(Number(days), "day")} later. To keep ` +
      "them, copy each to another key before that (`aws rds copy-db-snapshot --kms-key-id`), or keep the key " +
      "(`aws kms cancel-key-deletion`, then `aws kms enable-key`)."
    );
  });
}
