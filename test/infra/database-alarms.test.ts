import { isInstanceClass } from "../../config/rules/instance-class";
import { databaseClass } from "../../modules/database/database-class";
import { synthesizeShipped } from "./support/synthesize";

function alarmsOf(instanceClass: string) {
  const { etl } = synthesizeShipped({ overrides: { database: { instanceClass } } });
  const alarms = etl.named("aws_cloudwatch_metric_alarm", "database_").map(({ arguments: alarm }) => alarm);
  return Object.fromEntries(alarms.map((alarm) => [String(alarm.alarm_name).replace("millrace-dev-etl-", ""), alarm]));
}

const GIB = 1024 ** 3;

describe("the database's alarms", () => {
  test.each([
    ["db.t4g.micro", 67],
    ["db.t3.small", 135],
    ["db.m7g.large", 540],
    ["db.r7g.48xlarge", 3000],
  ])("of %s come at %i connections, by what its memory allows", (instanceClass, connections) => {
    expect(alarmsOf(instanceClass).connections).toMatchObject({
      metric_name: "DatabaseConnections",
      threshold: connections,
    });
  });

  test("of an unknown class have the limits of the smallest one", () => {
    expect(databaseClass("db.m7g.metal")).toEqual({});
    expect(alarmsOf("db.m7g.metal").connections).toMatchObject({ threshold: 67 });
  });

  test("watch credits and memory of burstable classes", () => {
    expect(alarmsOf("db.t4g.micro")).toMatchObject({
      "cpu-credits": {
        metric_name: "CPUSurplusCreditBalance",
        threshold: 144,
        comparison_operator: "GreaterThanOrEqualToThreshold",
      },
      memory: {
        metric_name: "FreeableMemory",
        threshold: GIB / 20,
        comparison_operator: "LessThanThreshold",
        evaluation_periods: 3,
      },
    });
    expect(alarmsOf("db.t3.large")).toMatchObject({
      "cpu-credits": { threshold: 432 },
      memory: { threshold: (8 * GIB) / 20 },
    });
  });

  test("watch neither of other classes", () => {
    expect(Object.keys(alarmsOf("db.m7g.large")).sort()).toEqual(["connections", "cpu", "storage"]);
  });

  test("go by what is allocated, not by what it began with", () => {
    expect(alarmsOf("db.t4g.micro").storage).toMatchObject({
      metric_name: "FreeStorageSpace",
      threshold: expect.stringMatching(
        /^\$\{aws_db_instance\.database_instance_\w+\.allocated_storage \* 1073741824 \/ 10\}$/,
      ),
    });
  });

  test("are not made for a database that is there", () => {
    const database = {
      ...{ mode: "existing", host: "feeds.example.com", name: "feeds", securityGroupId: "sg-0a1b2c3d4e5f60718" },
      secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:feeds-AbCdEf",
    };

    expect(synthesizeShipped({ overrides: { database } }).etl.text).not.toContain("AWS/RDS");
  });
});

describe("databaseClass", () => {
  test.each([
    ["db.t4g.medium", 4],
    ["db.m6gd.xlarge", 16],
    ["db.r6i.32xlarge", 1024],
    ["db.c6gd.medium", 2],
    ["db.x2g.large", 32],
    ["db.x2idn.16xlarge", 1024],
    ["db.x2iedn.xlarge", 128],
  ])("knows that %s has %i GiB, as RDS's list says", (name, gib) => {
    expect(isInstanceClass(name)).toBe(true);
    expect(databaseClass(name).memoryBytes).toBe(gib * GIB);
  });
});
