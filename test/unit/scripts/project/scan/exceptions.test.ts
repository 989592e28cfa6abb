import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Exception,
  exceptionsSchema,
  judge,
  LEAST_PASSED,
  MOST_EXCEPTED,
} from "../../../../../scripts/project/scan/exceptions";
import type { Findings } from "../../../../../scripts/project/scan/findings";

const finding = { check: "CKV_AWS_144", resource: "etl/aws_s3_bucket.raw", asks: "replication" };
const exception: Exception = {
  check: "CKV_AWS_144",
  reason: "raw files can be fetched again",
  resources: ["etl/aws_s3_bucket.raw"],
};
const findings = (differences: Partial<Findings> = {}): Findings => ({
  passed: LEAST_PASSED,
  failed: [finding],
  unread: [],
  ...differences,
});

describe("judge", () => {
  test("lets explained findings pass", () => {
    expect(judge(findings(), [exception])).toEqual([]);
  });

  test("names an unexplained finding, and what it asks for", () => {
    expect(judge(findings(), [])).toEqual(["unexplained: CKV_AWS_144 etl/aws_s3_bucket.raw: replication"]);
  });

  test("takes an exception for its resource only", () => {
    const other = { ...finding, resource: "etl/aws_s3_bucket.other" };

    expect(judge(findings({ failed: [finding, other] }), [exception])).toEqual([
      "unexplained: CKV_AWS_144 etl/aws_s3_bucket.other: replication",
    ]);
  });

  test("takes one with an asterisk for every resource of its kind, and no other", () => {
    const functions = ["etl/resource.a_function_1", "etl/resource.b_function_2"];
    const failed = [...functions, "etl/resource.b_role_2"].map((resource) => ({ ...finding, resource }));

    expect(judge(findings({ failed }), [{ ...exception, resources: ["etl/resource.*_function_*"] }])).toEqual([
      "unexplained: CKV_AWS_144 etl/resource.b_role_2: replication",
    ]);
  });

  test("names an exception that nothing needs, or that is there twice", () => {
    expect(judge(findings({ failed: [] }), [exception])).toEqual([
      "stale exception: CKV_AWS_144 etl/aws_s3_bucket.raw",
    ]);
    expect(judge(findings(), [exception, exception])).toEqual(["excepted twice: CKV_AWS_144 etl/aws_s3_bucket.raw"]);
  });

  test("names files that were not read, and too few checks", () => {
    expect(judge(findings({ unread: ["/etl/cdk.tf.json"], passed: LEAST_PASSED - 1 }), [exception])).toEqual([
      "not read: /etl/cdk.tf.json",
      `too few checks passed: 499, at least 500 are expected`,
    ]);
  });

  test("names too many excepted checks", () => {
    const checks = Array.from({ length: MOST_EXCEPTED + 1 }, (_, index) => `CKV_AWS_${index}`);
    const failed = checks.map((check) => ({ ...finding, check }));
    const exceptions = checks.map((check) => ({ ...exception, check }));

    expect(judge(findings({ failed }), exceptions)).toEqual(["too many checks are excepted: 10, at most 9"]);
    expect(judge(findings({ failed: failed.slice(1) }), exceptions.slice(1))).toEqual([]);
  });
});

describe("the exceptions", () => {
  test("have a form, a reason and few checks", () => {
    const file = readFileSync(join(__dirname, "../../../../../scripts/project/scan/exceptions.json"), "utf8");
    const exceptions = exceptionsSchema.parse(JSON.parse(file));

    expect(new Set(exceptions.map(({ check }) => check)).size).toBe(exceptions.length);
    expect(exceptions.length).toBeLessThanOrEqual(MOST_EXCEPTED);
  });
});
