/** Types of resource that hold what cannot be made again from this repository, and what is lost with one. */
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

/** What is lost when a resource of this type is destroyed; undefined when a deployment makes it whole again. */
export function lossOf(type: string): string | undefined {
  return Object.hasOwn(losses, type) ? losses[type] : undefined;
}
