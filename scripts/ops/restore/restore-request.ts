import type { DBInstance, DBSnapshot } from "@aws-sdk/client-rds";
import { UsageError } from "../../../etl/core/errors";
import { readTime } from "../../command-line/read-time";

/** The user's request: one of the two. */
export interface RestoreRequest {
  readonly toTime?: string;
  readonly snapshot?: string;
}

/** The source of a restored instance's data. */
export type RestoreFrom = { readonly time: Date } | { readonly snapshot: string };

/** For example `2026-11-28T06:00:00.000Z`, or `the snapshot before`. */
export function describeFrom(from: RestoreFrom): string {
  return "time" in from ? from.time.toISOString() : `the snapshot ${from.snapshot}`;
}

const DAY_MS = 24 * 3_600_000;

/** @throws UsageError if neither or both are given, or the time is invalid */
export function readRequest({ toTime, snapshot }: RestoreRequest): RestoreFrom {
  if ((toTime === undefined) === (snapshot === undefined)) {
    throw new UsageError("A database is restored from either a time or a snapshot", {
      got: toTime === undefined ? "neither --to-time nor --snapshot" : "--to-time and --snapshot",
      expected: "--to-time 2026-11-28T06:00:00Z, or --snapshot ID",
    });
  }
  if (snapshot !== undefined) return { snapshot };
  const isRead = /^[\d-]{10}T[\d:]+(Z|[+-]\d\d:\d\d)$/.test(toTime ?? "") && readTime(toTime ?? "") !== undefined;
  if (isRead) return { time: new Date(toTime ?? "") };
  throw new UsageError("--to-time is not a time", {
    got: JSON.stringify(toTime),
    expected: "a time with its zone, for example 2026-11-28T06:00:00Z",
  });
}

/** Refuses a time that RDS has not kept. @throws UsageError */
export function checkTime(time: Date, source: DBInstance, now = new Date()): void {
  const days = source.BackupRetentionPeriod ?? 0;
  // RDS uploads its log every five minutes; before the first time, nothing is known.
  const latest = source.LatestRestorableTime ?? now;
  const made = source.InstanceCreateTime?.getTime() ?? 0;
  const earliest = new Date(Math.max(now.getTime() - days * DAY_MS, made));
  if (days > 0 && time >= earliest && time <= latest) return;
  throw new UsageError("The database cannot be restored to that time", {
    got: time.toISOString(),
    expected: days === 0 ? "automatic backups" : `${earliest.toISOString()} to ${latest.toISOString()}`,
    where: { source: source.DBInstanceIdentifier },
    fix: "Use a time in this range, or a snapshot: aws rds describe-db-snapshots",
  });
}

/** Refuses a snapshot of another database, or one that is not ready. @throws UsageError */
export function checkSnapshot(id: string, found: DBSnapshot | undefined, source: string): void {
  const got =
    found === undefined
      ? "no such snapshot"
      : found.DBInstanceIdentifier !== source
        ? `a snapshot of ${found.DBInstanceIdentifier}`
        : found.Status !== "available"
          ? `the status ${found.Status}`
          : undefined;
  if (got === undefined) return;
  throw new UsageError(`The snapshot ${id} cannot be restored`, {
    got,
    expected: `an available snapshot of ${source}`,
    fix: `aws rds describe-db-snapshots --db-instance-identifier ${source} lists them`,
  });
}
