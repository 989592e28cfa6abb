import { compareStacks } from "../../../../../scripts/project/axis/compare-stacks";
import { synthesisPackages } from "../../../../../scripts/project/axis/scratch-copy";

const stack = {
  "//": { metadata: { version: "0.21.0" } },
  terraform: { required_providers: { aws: { source: "aws", version: "5.100.0" }, random: { version: "3.7.2" } } },
  resource: { aws_s3_bucket: { raw: { "//": { metadata: { path: "etl/raw" } }, bucket: "raw", tags: ["a", "b"] } } },
};

/** The stack with another value at a path. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(stack);
  const names = path.split(".");
  const last = names.pop() ?? "";
  const parent = names.reduce<object>((object, name) => Reflect.get(object, name), copy);
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, value);
  return copy;
}

const version = "terraform.required_providers.aws.version";

describe("two synthesizes of a stack", () => {
  test("are equal but for what may differ", () => {
    expect(compareStacks(stack, structuredClone(stack), "provider-version")).toEqual([]);
    expect(compareStacks(stack, changed(version, "6.25.0"), "provider-version")).toEqual([]);
    expect(compareStacks(stack, changed("//.metadata.version", "0.24.0"), "metadata")).toEqual([]);
    expect(compareStacks(stack, changed("resource.aws_s3_bucket.raw.//", undefined), "metadata")).toEqual([]);
  });

  test.each([
    [version, "6.25.0", "metadata", `${version}: "5.100.0" → "6.25.0"`],
    ["terraform.required_providers.random.version", "4.0.0", "provider-version", 'version: "3.7.2" → "4.0.0"'],
    ["//.metadata.version", "0.24.0", "provider-version", '//.metadata.version: "0.21.0" → "0.24.0"'],
    ["resource.aws_s3_bucket.raw.bucket", undefined, "metadata", 'raw.bucket: "raw" → nothing'],
    ["resource.aws_s3_bucket.raw.acl", "private", "metadata", 'raw.acl: nothing → "private"'],
    ["resource.aws_s3_bucket.raw.tags.1", "c", "metadata", 'raw.tags.1: "b" → "c"'],
    ["resource.aws_s3_bucket", "none", "provider-version", 'resource.aws_s3_bucket: {"raw"'],
  ] as const)("differ in %s", (path, value, mayDiffer, line) => {
    expect(compareStacks(stack, changed(path, value), mayDiffer)).toEqual([expect.stringContaining(line)]);
  });

  test("differ where one is not there", () => {
    expect(compareStacks(stack, undefined, "metadata")).toEqual([expect.stringMatching(/^the stack: .* → nothing$/)]);
  });
});

test("an axis replaces what it names, and keeps the project's exact versions of the rest", () => {
  const dependencies = {
    cdktf: "0.21.0",
    constructs: "10.6.0",
    "@cdktf/provider-archive": "11.0.1",
    "@cdktf/provider-aws": "20.1.0",
    "@cdktf/provider-random": "12.0.1",
    zod: "4.6.7",
  };

  expect(synthesisPackages({ dependencies }, { "@cdktf/provider-aws": "21.22.1" })).toEqual({
    cdktf: "0.21.0",
    constructs: "10.6.0",
    "@cdktf/provider-archive": "11.0.1",
    "@cdktf/provider-aws": "21.22.1",
    "@cdktf/provider-random": "12.0.1",
  });
});
