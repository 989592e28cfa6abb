import { describeGrant, type Grant } from "../../../../../scripts/project/permissions/grants";
import type { RecordedDecision } from "../../../../../scripts/project/permissions/recording";
import { type Call, type Permission, usePermissions } from "../../../../../scripts/project/permissions/usage";

const grant = (actions: readonly string[], resources: readonly string[], conditions = {}): Grant =>
  describeGrant("fetch", "granted", {
    ...{ Effect: "Allow", Action: [...actions], Resource: [...resources], Condition: conditions },
  });

/** A call, and what allows it: pairs of a grant and the pattern of its action, on the grant's last resource. */
function call(action: string, ...allowing: readonly (readonly [Grant, string])[]): Call {
  const allowedBy = allowing.flatMap(([by, pattern]): Permission[] => [
    { grant: by, kind: "action", pattern },
    { grant: by, kind: "resource", pattern: by.resources.at(-1) ?? "" },
  ]);
  return { role: "fetch", action, resource: "r", suite: "s", decision: {} as RecordedDecision, allowedBy };
}

const calledOf = (grants: readonly Grant[], calls: readonly Call[]) =>
  Object.fromEntries(usePermissions(grants, calls).map(({ pattern, called }) => [pattern, called]));

describe("a permission", () => {
  test("is used by the calls that it allows, and unused without one", () => {
    const objects = grant(["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::raw/*"]);

    expect(calledOf([objects], [call("s3:GetObject", [objects, "s3:GetObject"])])).toEqual({
      "s3:GetObject": ["s3:GetObject"],
      "s3:PutObject": [],
      "arn:aws:s3:::raw/*": ["s3:GetObject"],
    });
  });

  test("with a wildcard has all that was called by it", () => {
    const functions = grant(["lambda:Get*"], ["arn:aws:lambda:::function:x"]);
    const calls = ["lambda:GetPolicy", "lambda:GetFunction"].map((action) => call(action, [functions, "lambda:Get*"]));

    expect(calledOf([functions], calls)["lambda:Get*"]).toEqual(["lambda:GetFunction", "lambda:GetPolicy"]);
  });

  test("is unused where a narrower one allows the same, whether in its statement or in another", () => {
    const narrow = grant(["s3:GetObject"], ["arn:aws:s3:::raw/*"]);
    const broad = grant(["*"], ["*"]);
    const both = grant(["s3:*", "s3:PutObject"], ["arn:aws:s3:::raw/x"]);

    const calls = [
      call("s3:GetObject", [broad, "*"], [narrow, "s3:GetObject"]),
      call("s3:PutObject", [both, "s3:*"], [both, "s3:PutObject"]),
    ];

    expect(calledOf([broad, narrow, both], calls)).toEqual({
      ...{ "*": [], "s3:*": [], "s3:GetObject": ["s3:GetObject"], "s3:PutObject": ["s3:PutObject"] },
      ...{ "arn:aws:s3:::raw/*": ["s3:GetObject"], "arn:aws:s3:::raw/x": ["s3:PutObject"] },
    });
  });

  test("is used where it allows one call that no narrower one does", () => {
    const narrow = grant(["s3:GetObject"], ["arn:aws:s3:::raw/*"]);
    const broad = grant(["s3:Get*"], ["arn:aws:s3:::other/*"]);
    const calls = [
      call("s3:GetObject", [broad, "s3:Get*"], [narrow, "s3:GetObject"]),
      call("s3:GetObjectTagging", [broad, "s3:Get*"]),
    ];

    const called = calledOf([narrow, broad], calls);

    expect(called["s3:Get*"]).toEqual(["s3:GetObject", "s3:GetObjectTagging"]);
    expect(called["s3:GetObject"]).toEqual([]);
  });

  test("has a resource only where one of its own actions is what the call needs", () => {
    const read = grant(["s3:ListBucket"], ["arn:aws:s3:::millrace-*"]);
    const empty = grant(["s3:ListBucket"], ["arn:aws:s3:::millrace-raw"]);
    const calls = [call("s3:ListBucket", [read, "s3:ListBucket"], [empty, "s3:ListBucket"])];

    const called = usePermissions([read, empty], calls).map(({ kind, grant: { resources }, called: by }) => [
      ...[kind, resources[0], by.length],
    ]);

    expect(called).toEqual([
      ["action", "arn:aws:s3:::millrace-*", 0],
      ["action", "arn:aws:s3:::millrace-raw", 1],
      ["resource", "arn:aws:s3:::millrace-*", 0],
      ["resource", "arn:aws:s3:::millrace-raw", 1],
    ]);
  });
});
