export interface RestoreNames {
  readonly environment: string;
  /** The instance that is used. */
  readonly source: string;
  /** The one that is made. */
  readonly target: string;
}

/** How a restored instance takes the place of the one that is used: by configuration, and back again. */
export function switchSteps({ environment, source, target }: RestoreNames): string {
  const file = `config/${environment}.ts`;
  const deploy = `ENVIRONMENT=${environment} npm run deploy -- etl`;
  const remove = (id: string) =>
    `aws rds modify-db-instance --db-instance-identifier ${id} --no-deletion-protection --apply-immediately && ` +
    `aws rds delete-db-instance --db-instance-identifier ${id}`;
  return [
    "To switch to it, once you have looked at it (docs/operations.md, Restoring the database, has each step's reason):",
    `  1. schedule.enabled: false of each pipeline and feed in ${file}, ${deploy}; wait until npm run ops -- list has no run`,
    `  2. in ${file}, section database: instance: "${target}"`,
    `  3. ${deploy}: takes ${target} over, and lets go of ${source}, which stays in AWS as it is`,
    "  4. switch the schedules on again, deploy, npm run ops -- start NAME --wait; the pipelines load what is missing",
    `  5. when all is right: ${remove(source)} --final-db-snapshot-identifier ${source}-replaced`,
    `To go back to ${source} until then: instance: "${source}" and ${deploy}.`,
    `To give ${target} up before step 3: ${remove(target)} --skip-final-snapshot`,
  ].join("\n");
}
