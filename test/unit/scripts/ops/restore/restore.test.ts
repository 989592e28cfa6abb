import type { DBInstance } from "@aws-sdk/client-rds";
import { UsageError } from "../../../../../etl/core/errors";
import { checkSnapshot, checkTime, readRequest } from "../../../../../scripts/ops/restore/restore-request";
import { switchSteps } from "../../../../../scripts/ops/restore/restore-steps";
import { compareInstances } from "../../../../../scripts/ops/restore/restored-instance";

const now = new Date("2026-11-28T12:00:00Z");
const source: DBInstance = {
  DBInstanceIdentifier: "millrace-prod-etl",
  BackupRetentionPeriod: 7,
  InstanceCreateTime: new Date("2026-01-01T00:00:00Z"),
  LatestRestorableTime: new Date("2026-11-28T11:56:00Z"),
};

describe("what is asked for", () => {
  it("is a time with its zone, or a snapshot", () => {
    expect(readRequest({ toTime: "2026-11-28T07:00:00+01:00" })).toEqual({ time: new Date("2026-11-28T06:00:00Z") });
    expect(readRequest({ snapshot: "before" })).toEqual({ snapshot: "before" });
  });

  it.each([
    [{}, "got neither --to-time nor --snapshot"],
    [{ toTime: "2026-11-28T06:00:00Z", snapshot: "before" }, "got --to-time and --snapshot"],
    [{ toTime: "yesterday" }, 'got "yesterday"'],
    [{ toTime: "2026-11-28T06:00:00" }, "a time with its zone"],
    [{ toTime: "2026-13-28T06:00:00Z" }, "--to-time is no time"],
  ])("is not %j", (request, message) => {
    expect(() => readRequest(request)).toThrow(UsageError);
    expect(() => readRequest(request)).toThrow(message);
  });

  it.each([
    ["2026-11-28T11:57:00Z", source],
    ["2026-11-21T11:59:00Z", source],
    ["2025-12-31T00:00:00Z", { ...source, BackupRetentionPeriod: 3650 }],
    ["2026-11-28T06:00:00Z", { ...source, BackupRetentionPeriod: 0 }],
  ])("is refused where RDS has not kept it: %s", (time, instance) => {
    expect(() => checkTime(new Date(time), instance, now)).toThrow("The database cannot be restored to that time");
  });

  it("is taken within what RDS has kept", () => {
    expect(() => checkTime(new Date("2026-11-28T11:56:00Z"), source, now)).not.toThrow();
    expect(() => checkTime(new Date("2026-11-21T12:00:00Z"), source, now)).not.toThrow();
  });

  it.each([
    [undefined, "got no such snapshot"],
    [{ DBInstanceIdentifier: "payroll", Status: "available" }, "got a snapshot of payroll"],
    [{ DBInstanceIdentifier: "millrace-prod-etl", Status: "creating" }, "got the status creating"],
  ])("is no snapshot of another database, or one that is not ready: %j", (found, message) => {
    expect(() => checkSnapshot("before", found, "millrace-prod-etl")).toThrow(message);
  });
});

describe("a restored instance", () => {
  const one: DBInstance = { Engine: "postgres", EngineVersion: "17.4", DBName: "millrace", StorageEncrypted: true };

  it("may be of a newer minor version, and of nothing else", () => {
    expect(compareInstances(one, { ...one, EngineVersion: "17.6" })).toEqual([]);
    expect(
      compareInstances(one, { ...one, StorageEncrypted: false, PubliclyAccessible: true, EngineVersion: "16.1" }),
    ).toEqual([
      'major version: got "16", expected "17"',
      "encryption: got false, expected true",
      "public access: got true, expected false",
    ]);
  });

  it("is switched to by its name, the old one kept until the end", () => {
    const steps = switchSteps({
      ...{
        environment: "prod",
        source: "millrace-prod-etl",
        target: "millrace-prod-etl-restored",
        secretKey: "arn:key",
      },
    });

    const order = [
      "--manage-master-user-password --master-user-secret-kms-key-id arn:key",
      "millrace-prod-etl-replaced --apply",
    ];
    const places = [...order, "state rm", "npm run deploy", "delete-db-instance"].map((text) =>
      steps.lastIndexOf(text),
    );
    expect(places.slice(0, 3)).toEqual([...places.slice(0, 3)].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });
});
