import type { DBInstance } from "@aws-sdk/client-rds";
import { Command } from "commander";
import { usedInstance } from "../../../config/names";
import { MillraceError, UsageError } from "../../../etl/core/errors";
import { findInstance } from "../restore/find-instance";
import {
  checkSnapshot,
  checkTime,
  describeFrom,
  type RestoreFrom,
  type RestoreRequest,
  readRequest,
} from "../restore/restore-request";
import { switchSteps } from "../restore/restore-steps";
import {
  compareInstances,
  findSnapshot,
  isRestoredFrom,
  restoreInstance,
  waitForInstance,
} from "../restore/restored-instance";
import { type Output, Session } from "../session";

interface RestoreOptions extends Output, RestoreRequest {
  readonly yes?: boolean;
}

/** `ops restore`. */
export function restoreCommand(): Command {
  return new Command("restore")
    .description(
      "Plans the restore of the database to a time or a snapshot: a new instance beside it, checked, then switched to by config. " +
        "Without --yes nothing is created; the existing instance is never changed.",
    )
    .option("--to-time <time>", "with its zone, for example 2026-11-28T06:00:00Z")
    .option("--snapshot <id>", "an RDS snapshot of the database")
    .option("--yes", "creates the new instance, waits for it and compares it; it costs as much as the other")
    .option("--json", "one JSON object")
    .action((options: RestoreOptions) => Session.run(options, (session) => restore(session, options)));
}

async function restore(session: Session, options: RestoreOptions): Promise<void> {
  const { config, aws } = session;
  const from = readRequest(options);
  if (config.database.mode === "existing") {
    throw new UsageError("The database is not managed by millrace, so it cannot be restored here", {
      got: `database.mode existing, ${config.database.host}`,
      fix: "Ask its owner; the pipelines load missing data again (npm run ops -- replay)",
    });
  }
  const { used: name, other: target } = usedInstance(config);
  const source = await findInstance(aws.rds, name);
  if (source === undefined) {
    throw new UsageError("The database is not deployed", { got: `no instance ${name}`, fix: "npm run deploy" });
  }
  if ("time" in from) checkTime(from.time, source);
  else checkSnapshot(from.snapshot, await findSnapshot(aws.rds, from.snapshot), name);
  const there = await findInstance(aws.rds, target);
  if (there !== undefined && !isRestoredFrom(there, from)) refuseAnother(target, from);
  const steps = switchSteps({ environment: config.environment, source: name, target });
  if (options.yes !== true)
    return session.show(describePlan(name, target, from, there, steps), { source: name, target });
  if (there === undefined) await restoreInstance(aws.rds, source, target, from);
  session.tell(
    `${target} ${there === undefined ? "is being created" : "exists already"}; RDS takes from minutes to hours`,
  );
  const restored = await session.waiting(
    () =>
      `RDS goes on with ${target}. The same command waits for it again, and compares it; aws rds describe-db-instances ` +
      `--db-instance-identifier ${target} shows it. If it is not wanted: ${deletion(target)}`,
    () => waitForInstance(aws.rds, target),
  );
  refuseDifferences(target, compareInstances(source, restored ?? {}));
  const host = restored?.Endpoint?.Address;
  session.show(`${target} is available with the settings of ${name}, at ${host}\n${steps}`, {
    source: name,
    target,
    host,
  });
}

function describePlan(
  source: string,
  target: string,
  from: RestoreFrom,
  there: DBInstance | undefined,
  steps: string,
): string {
  const made =
    there === undefined ? "would be created" : `exists already (${there.DBInstanceStatus}) and would be compared`;
  return [`${target} ${made}, of ${source} at ${describeFrom(from)}; nothing was done: --yes does it.`, steps].join(
    "\n",
  );
}

function deletion(target: string): string {
  return `aws rds delete-db-instance --db-instance-identifier ${target} --final-db-snapshot-identifier ${target}-last (lift its protection first)`;
}

/** Its data is of another time: from an earlier restore, or in use before one. */
function refuseAnother(target: string, from: RestoreFrom): never {
  throw new UsageError(`${target} exists already`, {
    got: "an instance that this restore has not created",
    expected: `none, or one of ${describeFrom(from)}`,
    fix: `If it is not needed: ${deletion(target)}`,
  });
}

function refuseDifferences(target: string, differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw new MillraceError(`The settings of ${target} differ from the database's`, {
    got: differences.join("; "),
    fix: "Change that (aws rds modify-db-instance), or delete it and restore again; do not switch to it",
  });
}
