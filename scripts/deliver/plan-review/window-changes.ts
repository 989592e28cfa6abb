import type { AttributeDifference } from "./differences/attribute-difference";
import type { ResourceChange } from "./plan";

/**
 * Settings that RDS changes in the maintenance window unless requested at once, by Terraform's names ("Settings for DB
 * instances", Amazon RDS user guide; a new port is not among them, it restarts the database at once).
 */
export const WINDOW_ATTRIBUTES: Readonly<Record<string, string>> = {
  allocated_storage: "AllocatedStorage",
  backup_retention_period: "BackupRetentionPeriod",
  ca_cert_identifier: "CACertificateIdentifier",
  engine_version: "EngineVersion",
  iam_database_authentication_enabled: "IAMDatabaseAuthenticationEnabled",
  instance_class: "DBInstanceClass",
  iops: "Iops",
  multi_az: "MultiAZ",
  storage_throughput: "StorageThroughput",
  storage_type: "StorageType",
};

/** Why a difference no longer counts: it was requested already, and RDS makes it in its window. */
export const PENDING = "requested already: RDS makes it in the maintenance window";

/** The part of an update that RDS would leave for its window, and which window; undefined if none. */
export function waitsForWindow(
  { type, change }: ResourceChange,
  differences: readonly AttributeDifference[],
): string | undefined {
  if (type !== "aws_db_instance") return undefined;
  const after = change.after as Readonly<Record<string, unknown>> | null;
  if (after?.apply_immediately === true) return undefined;
  const names = differences.map(({ path }) => path).filter((path) => Object.hasOwn(WINDOW_ATTRIBUTES, path));
  return names.length === 0 ? undefined : `${names.join(", ")} in ${String(after?.maintenance_window)} UTC`;
}

/** Whether RDS keeps a difference's new value for its window; as a version, `17` matches any of 17's. */
export function isPending({ path, after }: AttributeDifference, pending: Readonly<Record<string, unknown>>): boolean {
  const kept = pending[path];
  if (kept === undefined) return false;
  return String(kept) === String(after) || (path === "engine_version" && String(kept).startsWith(`${String(after)}.`));
}
