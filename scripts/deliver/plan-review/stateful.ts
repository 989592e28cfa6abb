import { changeKind, removes } from "./change-kind";
import type { Plan, ResourceChange } from "./plan";

/** Types of resource whose content cannot be created again from this repository, and what is lost with one. */
const losses: Readonly<Record<string, string>> = {
  aws_db_instance: "every record, and the automatic backups with it",
  aws_db_snapshot: "the database as it was on that day",
  aws_rds_cluster: "every record, and the automatic backups with it",
  aws_db_cluster_snapshot: "the databases as they were on that day",
  aws_s3_bucket: "every object, with all its versions",
  aws_dynamodb_table: "every item: Terraform's locks, or a pipeline's ledger",
  aws_kms_key: "everything that it encrypted, snapshots and backups included",
  aws_kms_external_key: "everything that it encrypted, snapshots and backups included",
  aws_kms_replica_key: "what it encrypted in its region",
  aws_secretsmanager_secret: "the secret, and every version of it",
  aws_ssm_parameter: "the parameter's value and history",
  aws_sqs_queue: "messages that wait, dead letters included",
  aws_efs_file_system: "every file",
  aws_ebs_volume: "every file",
};

/**
 * What is lost by a plan's change of a resource; undefined if the resource stays, or a deployment restores it. Nothing
 * is lost with a queue that was found empty; a replaced one stays in use, so messages may still arrive.
 */
export function lossOf(resource: ResourceChange, { empty_queues }: Plan): string | undefined {
  const { address, deposed, mode, type } = resource;
  const kind = changeKind(resource);
  if (mode !== "managed" || !removes(kind)) return undefined;
  if (kind === "destroy" && deposed === undefined && empty_queues.includes(address)) return undefined;
  return isStateful(type) ? losses[type] : undefined;
}

export function isStateful(type: string): boolean {
  return Object.hasOwn(losses, type);
}
