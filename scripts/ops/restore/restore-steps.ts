export interface RestoreNames {
  readonly environment: string;
  /** The instance in use. */
  readonly source: string;
  /** The new instance. */
  readonly target: string;
}

/** The steps to switch to a restored instance by configuration, and back. */
export function switchSteps({ environment, source, target }: RestoreNames): string {
  const file = `config/${environment}.ts`;
  const deploy = `ENVIRONMENT=${environment} npm run deploy -- etl`;
  const remove = (id: string) =>
    `aws rds modify-db-instance --db-instance-identifier ${id} --no-deletion-protection --apply-immediately && ` +
    `aws rds delete-db-instance --db-instance-identifier ${id}`;
  return [
    "To switch to it, once you have checked it (docs/upkeep.md, Restoring the database, gives each step's reason):",
    `  1. schedule.enabled: false of each pipeline and feed in ${file}, ${deploy}; wait until npm run ops -- list has no run`,
    `  2. in ${file}, section database: instance: "${target}"`,
    `  3. ${deploy}: takes over ${target}, and stops managing ${source}, which stays in AWS as it is`,
    "  4. switch the schedules on again, deploy, npm run ops -- start NAME --wait; the pipelines load missing data",
    `  5. when everything is right: ${remove(source)} --final-db-snapshot-identifier ${source}-replaced`,
    `To go back to ${source} until then: instance: "${source}" and ${deploy}.`,
    `To delete ${target} before step 3: ${remove(target)} --skip-final-snapshot`,
  ].join("\n");
}
