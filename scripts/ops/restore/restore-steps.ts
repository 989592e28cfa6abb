export interface RestoreNames {
  readonly environment: string;
  /** The instance that is there. */
  readonly source: string;
  /** The one that is made. */
  readonly target: string;
  /** The key of the password's secret. */
  readonly secretKey: string | undefined;
}

/**
 * How a restored instance takes the place of the old one. It gets its name, so that host, alarms, dashboard and
 * configuration stay as they are; Terraform, which knows an instance by an id that nobody chose, is told of the new one.
 */
export function switchSteps({ environment, source, target, secretKey }: RestoreNames): string {
  const folder = `cdktf.out/${environment}/etl`;
  const modify = (id: string, rest: string) =>
    `aws rds modify-db-instance --db-instance-identifier ${id} ${rest} --apply-immediately`;
  const key = secretKey === undefined ? "" : ` --master-user-secret-kms-key-id ${secretKey}`;
  return [
    "To switch to it, once you have looked at it (docs/operations.md, Restoring the database, has each step's reason):",
    `  1. pipelines.*.schedule.enabled: false, ENVIRONMENT=${environment} npm run deploy -- etl; wait until npm run ops -- list has no run`,
    `  2. ${modify(target, `--manage-master-user-password${key}`)}`,
    `  3. ${modify(source, `--new-db-instance-identifier ${source}-replaced`)}`,
    `  4. ${modify(target, `--new-db-instance-identifier ${source}`)}`,
    `     aws rds wait db-instance-available --db-instance-identifier ${source}`,
    `  5. address=$(terraform -chdir=${folder} state list | grep '^aws_db_instance[.]')`,
    `     terraform -chdir=${folder} state rm "$address" && terraform -chdir=${folder} import "$address" ${source}`,
    `  6. ENVIRONMENT=${environment} npm run deploy -- etl: it may change functions, policies and the instance in place, and must replace nothing`,
    "  7. switch the schedules on again, npm run ops -- start NAME --wait; the pipelines load what is missing",
    `  8. when all is right: aws rds delete-db-instance --db-instance-identifier ${source}-replaced --final-db-snapshot-identifier ${source}-replaced`,
    `To give it up instead: aws rds delete-db-instance --db-instance-identifier ${target} --skip-final-snapshot (lift its protection first).`,
  ].join("\n");
}
