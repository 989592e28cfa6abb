import type { Weakening } from "../weakening";

const gate = { tests: ["test/infra/audit.test.ts"] };

export const audit: readonly Weakening[] = [
  {
    name: "the trail's files may be deleted",
    file: "modules/audit/audit-bucket.ts",
    find: "...(protect ? [keepFiles(arn)] : [])",
    replace: "...[]",
    gate,
    says: /let nobody delete a file but the lifecycle/,
  },
  {
    name: "any trail writes into the trail's bucket",
    file: "modules/audit/audit-bucket.ts",
    find: '"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trailArn',
    replace: '"s3:x-amz-acl": "bucket-owner-full-control"',
    gate,
    says: /admit this trail of CloudTrail, and for nothing else/,
  },
  {
    name: "any trail uses the trail's key",
    file: "modules/storage/key.ts",
    find: '    Condition: { StringEquals: { "aws:SourceArn": trailArn } },\n',
    replace: "",
    gate,
    says: /admit this trail of CloudTrail, and for nothing else/,
  },
  {
    name: "the trail does not prove that its files are whole",
    file: "modules/audit/trail.ts",
    find: "enableLogFileValidation: true",
    replace: "enableLogFileValidation: false",
    gate,
    says: /proves that its files are whole/,
  },
  {
    name: "the trail leaves out Terraform's states",
    file: "stacks/audit.ts",
    find: "[...buckets, store.bucket.arn]",
    replace: "buckets",
    gate,
    says: /records objects of the project's buckets and of the states/,
  },
];
