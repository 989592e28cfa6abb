import type { DBInstance } from "@aws-sdk/client-rds";
import { UsageError } from "../../../../../etl/core/errors";
import { checkSnapshot, checkTime, readRequest } from "../../../../../scripts/ops/restore/restore-request";
import { switchSteps } from "../../../../../scripts/ops/restore/restore-steps";
import { compareInstances, isRestoredFrom } from "../../../../../scripts/ops/restore/restored-instance";

const now = new Date("2026-11-28T12:00:00Z");
const source: DBInstance = {
  DBInstanceIdentifier: "millrace-prod-etl",
  BackupRetentionPeriod: 7,
  InstanceCreateTime: new Date("2026-01-01T00:00:00Z"),
  LatestRestorableTime: new Date("2026-11-28T11:56:00Z"),
};

describe("what is asked for", () => {
  test("is a time with its zone, or a snapshot", () => {
    expect(readRequest({ toTime: "2026-11-28T07:00:00+01:00" })).toEqual({ time: new Date("2026-11-28T06:00:00Z") });
    expect(readRequest({ snapshot: "before" })).toEqual({ snapshot: "before" });
  });

  test.each([
    [{}, "got neither --to-time nor --snapshot"],
    [{ toTime: "2026-11-28T06:00:00Z", snapshot: "before" }, "got --to-time and --snapshot"],
    [{ toTime: "yesterday" }, 'got "yesterday"'],
    [{ toTime: "2026-11-28T06:00:00" }, "a time with its zone"],
    [{ toTime: "2026-13-28T06:00:00Z" }, "--to-time is not a time"],
    [{ toTime: "2026-02-30T06:00:00Z" }, "--to-time is not a time"],
    [{ toTime: "2026-11-28T24:00:00Z" }, "--to-time is not a time"],
    [{ toTime: "2026-11-28" }, "--to-time is not a time"],
    [{ toTime: "2026-11-28T06:00:00+0100" }, "--to-time is not a time"],
  ])("is not %j", (request, message) => {
    expect(() => readRequest(request)).toThrow(UsageError);
    expect(() => readRequest(request)).toThrow(message);
  });

  test.each([
    ["2026-11-28T11:57:00Z", source],
    ["2026-11-21T11:59:00Z", source],
    ["2025-12-31T00:00:00Z", { ...source, BackupRetentionPeriod: 3650 }],
    ["2026-11-28T06:00:00Z", { ...source, BackupRetentionPeriod: 0 }],
  ])("is refused where RDS has not kept it: %s", (time, instance) => {
    expect(() => checkTime(new Date(time), instance, now)).toThrow("The database cannot be restored to that time");
  });

  test("is taken within what RDS has kept", () => {
    expect(() => checkTime(new Date("2026-11-28T11:56:00Z"), source, now)).not.toThrow();
    expect(() => checkTime(new Date("2026-11-21T12:00:00Z"), source, now)).not.toThrow();
  });

  test.each([
    [undefined, "got no such snapshot"],
    [{ DBInstanceIdentifier: "payroll", Status: "available" }, "got a snapshot of payroll"],
    [{ DBInstanceIdentifier: "millrace-prod-etl", Status: "creating" }, "got the status creating"],
  ])("is no snapshot of another database, or one that is not ready: %j", (found, message) => {
    expect(() => checkSnapshot("before", found, "millrace-prod-etl")).toThrow(message);
  });
});

describe("a restored instance", () => {
  const one: DBInstance = { Engine: "postgres", EngineVersion: "17.4", DBName: "millrace", StorageEncrypted: true };

  test("may be of a newer minor version, and of nothing else", () => {
    expect(compareInstances(one, { ...one, EngineVersion: "17.6" })).toEqual([]);
    expect(
      compareInstances(one, { ...one, StorageEncrypted: false, PubliclyAccessible: true, EngineVersion: "16.1" }),
    ).toEqual([
      'major version: got "16", expected "17"',
      "encryption: got false, expected true",
      "public access: got true, expected false",
    ]);
  });

  test("is known by what it was restored from, and by nothing else", () => {
    const made = (Value: string): DBInstance => ({ ...one, TagList: [{ Key: "RestoredFrom", Value }] });
    const time = { time: new Date("2026-11-28T06:00:00Z") };

    expect(isRestoredFrom(made("2026-11-28T06:00:00.000Z"), time)).toBe(true);
    expect(isRestoredFrom(made("the snapshot before"), { snapshot: "before" })).toBe(true);
    expect(isRestoredFrom(made("2026-11-28T05:00:00.000Z"), time)).toBe(false);
    expect(isRestoredFrom(one, time)).toBe(false);
  });

  test("is switched to by configuration, the old one kept until the end, and the way back is said", () => {
    const steps = switchSteps({
      environment: "prod",
      source: "millrace-prod-etl",
      target: "millrace-prod-etl-restored",
    });

    const order = [
      "schedule.enabled: false",
      'instance: "millrace-prod-etl-restored"',
      "3. ENVIRONMENT=prod npm run deploy",
    ];
    const places = [
      ...order,
      "delete-db-instance --db-instance-identifier millrace-prod-etl --final",
      "To go back",
    ].map((text) => steps.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(steps).toContain('instance: "millrace-prod-etl" and ENVIRONMENT=prod npm run deploy');
  });
});
