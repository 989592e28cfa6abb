import { readFindings } from "../../../../../scripts/project/scan/findings";

const failed = {
  check_id: "CKV_AWS_144",
  check_name: "replication",
  resource: "aws_s3_bucket.raw",
  file_path: "/etl/cdk.tf.json",
  guideline: null,
};
const report = (summary: object, results: object) => JSON.stringify({ check_type: "terraform_json", summary, results });

describe("readFindings", () => {
  test("names findings by stack and resource", () => {
    const text = report({ passed: 7, failed: 1, parsing_errors: 0 }, { failed_checks: [failed], parsing_errors: [] });

    expect(readFindings(text)).toEqual({
      passed: 7,
      failed: [{ check: "CKV_AWS_144", resource: "etl/aws_s3_bucket.raw", asks: "replication" }],
      unread: [],
    });
  });

  test("counts a parse error also where the file is not named", () => {
    const summary = { passed: 7, failed: 0, parsing_errors: 2 };

    expect(readFindings(report(summary, { failed_checks: [] })).unread).toHaveLength(2);
    expect(readFindings(report(summary, { failed_checks: [], parsing_errors: ["/etl/cdk.tf.json"] })).unread).toEqual([
      "/etl/cdk.tf.json",
      "a file",
    ]);
  });

  test.each(["", "{}", '{"passed": 0, "failed": 0, "parsing_errors": 0}'])(
    "refuses %j: nothing was scanned",
    (text) => {
      expect(() => readFindings(text)).toThrow("checkov's report is not as expected");
    },
  );
});
