import { describeGrant } from "../../../../../scripts/project/permissions/grants";
import { type Evidence, judge, missingSuites } from "../../../../../scripts/project/permissions/judge";
import type { Reasons } from "../../../../../scripts/project/permissions/reasons";
import type { RecordedDecision } from "../../../../../scripts/project/permissions/recording";
import { renderPermissions } from "../../../../../scripts/project/permissions/render";
import type { UsedPermission } from "../../../../../scripts/project/permissions/usage";

const ROLE = "arn:aws:iam::123456789012:role/fetch";
const BUCKET = "arn:aws:s3:::raw/*";
const WHY = "The emulated AWS does not encrypt.";

const grant = describeGrant("fetch", "granted", {
  ...{ Effect: "Allow", Action: ["s3:GetObject", "kms:Decrypt"], Resource: [BUCKET], Condition: {} },
});
const permission = (pattern: string, ...called: readonly string[]): UsedPermission => ({
  ...{ grant, kind: pattern === BUCKET ? "resource" : "action", pattern, called },
});

function decision(fields: Partial<RecordedDecision> = {}): RecordedDecision {
  const usual = { principal: ROLE, action: "s3:GetObject", resource: "arn:aws:s3:::raw/poison/x", context: {} };
  return { ...usual, decision: "Allowed", reason: "", ...fields };
}

function evidence(permissions: readonly UsedPermission[], ...decisions: readonly RecordedDecision[]): Evidence {
  return { recordings: [{ suite: "orders", roles: [], decisions }], permissions };
}

const reasons = (unused: Reasons["unused"], provoked: Reasons["provoked"] = []): Reasons => ({
  suites: ["orders"],
  unused,
  provoked,
});
const used = [permission("s3:GetObject", "s3:GetObject"), permission(BUCKET, "s3:GetObject")];

describe("the proof", () => {
  test("stands where all is used, and nothing refused", () => {
    expect(judge(evidence(used, decision()), reasons([]))).toEqual([]);
  });

  test("falls with an unused grant, until a reason explains it", () => {
    const unused = evidence([...used, permission("kms:Decrypt")]);

    expect(judge(unused, reasons([]))).toEqual([
      "unused, without a reason: fetch (granted) action kms:Decrypt on arn:aws:s3:::raw/*",
    ]);
    expect(judge(unused, reasons([{ roles: ["*"], actions: ["kms:Decrypt"], reason: WHY }]))).toEqual([]);
    expect(
      judge(unused, reasons([{ roles: ["*"], actions: ["kms:Decrypt"], on: "arn:aws:kms:*", reason: WHY }])),
    ).toHaveLength(2);
  });

  test("falls with an unused resource, unless none of its actions is used", () => {
    expect(judge(evidence([permission("s3:GetObject", "s3:GetObject"), permission(BUCKET)]), reasons([]))).toEqual([
      "unused, without a reason: fetch (granted) resource arn:aws:s3:::raw/*",
    ]);
    const explained = reasons([{ roles: ["fetch"], actions: ["s3:GetObject"], reason: WHY }]);
    expect(judge(evidence([permission("s3:GetObject"), permission(BUCKET)]), explained)).toEqual([]);
  });

  test("fails with a reason whose grant is used or deleted, in part too", () => {
    const stale = reasons([{ roles: ["fetch"], actions: ["s3:GetObject", "kms:Decrypt"], reason: WHY }]);

    expect(judge(evidence([...used, permission("kms:Decrypt")]), stale)).toEqual([
      `stale reason: fetch s3:GetObject is used, or not granted: ${WHY}`,
    ]);
    const sometimes = reasons([{ roles: ["fetch"], actions: ["s3:GetObject"], reason: WHY, sometimes: true }]);
    expect(judge(evidence(used), sometimes)).toEqual([]);
  });

  test("falls with a refusal and with a call that was not examined, unless a test provoked it", () => {
    const refused = decision({ decision: "ImplicitlyDenied", reason: "because no policy allows it" });
    const unknown = decision({ decision: "Unknown", action: "s3:SelectObjectContent", reason: "not in the table" });
    const provoked = [
      { roles: ["fetch"], action: "s3:GetObject", resource: "*/poison/*", reason: "A test denies this prefix." },
    ];

    expect(judge(evidence(used, refused, unknown), reasons([]))).toEqual([
      "refused: fetch s3:GetObject on arn:aws:s3:::raw/poison/x because no policy allows it (orders)",
      "not examined: fetch s3:SelectObjectContent on arn:aws:s3:::raw/poison/x not in the table (orders)",
    ]);
    expect(judge(evidence(used, { ...refused, session: "attack-tag" }), reasons([]))).toEqual([]);
    expect(judge(evidence(used, refused), reasons([], provoked))).toEqual([]);
    expect(judge(evidence(used), reasons([], provoked))).toEqual([
      "stale reason: no test provokes s3:GetObject on */poison/*",
    ]);
  });

  test("fails with a recording of an unknown suite", () => {
    const evidenceOf = (suite: string) => ({ ...evidence(used), recordings: [{ suite, roles: [], decisions: [] }] });

    expect(judge(evidenceOf("orders"), reasons([]))).toEqual([]);
    expect(judge(evidenceOf("weather"), reasons([]))).toEqual([
      "weather recorded, but is not among the suites of the reasons' file",
    ]);
    expect(missingSuites(evidenceOf("weather").recordings, reasons([]))).toEqual(["orders"]);
  });

  test("is a page of roles, grants, calls and reasons", () => {
    const explained = reasons([{ roles: ["*"], actions: ["kms:Decrypt"], reason: WHY, source: "moto's s3" }]);

    const page = renderPermissions(evidence([...used, permission("kms:Decrypt")], decision()), explained);

    expect(page).toContain("| [fetch](#fetch) | 2 | 1 | 1 |");
    expect(page).toContain("| `s3:GetObject` | yes |");
    expect(page).toContain(`| \`kms:Decrypt\` | no: ${WHY} (moto's s3) |`);
  });

  test("shows what roles are denied, and the boundary of those that have one", () => {
    const deny = {
      Effect: "Deny",
      Action: ["ec2:*"],
      Resource: "*",
      Condition: { ArnLike: { "lambda:Source": ROLE } },
    };
    const allow = { Effect: "Allow", Action: "s3:*", Resource: BUCKET };
    const role = {
      ...{ role: ROLE, trust: {}, identity: { granted: { Statement: [deny] } } },
      boundary: { Statement: [allow] },
    };

    const page = renderPermissions(
      { permissions: used, recordings: [{ suite: "orders", roles: [role, role], decisions: [] }] },
      reasons([]),
    );

    expect(
      page.match(/Denied, whatever allows it: `ec2:\*` on\n- `\*`\n- where `ArnLike lambda:Source: /g),
    ).toHaveLength(1);
    expect(page).toContain("It bounds fetch.");
    expect(page).toContain(`At most: \`s3:*\` on\n- \`${BUCKET}\``);
  });
});
