import { readFileSync, writeFileSync } from "node:fs";
import { COMMENT_LIMIT, cutMarkdown } from "../../../../../scripts/deliver/plan-review/render/cut-markdown";
import { renderReview } from "../../../../../scripts/deliver/plan-review/render/render-review";
import { reviewStack } from "../../../../../scripts/deliver/plan-review/review-stack";
import { recordedFile, recordedPlan } from "../../../../support/plans/recorded-plans";

const cases = [
  "create",
  "update",
  "replace-database",
  "destroy-bucket",
  "permissions",
  "sensitive",
  "empty",
  "too-large",
  "untrusted",
];

const render = (name: string) => renderReview("Plan for dev", [reviewStack(recordedPlan(name))]);
const comment = (name: string) => cutMarkdown(render(name), { limit: COMMENT_LIMIT, note: "Cut." });
/** The part of a review from a headline to the next one. */
const section = (text: string, headline: string) =>
  text.split(/\n(?=### |<details>|> \[!)/).find((part) => part.startsWith(headline)) ?? "";

describe("the review of a recorded plan", () => {
  test.each(cases)("of %s is the one that is kept for readers", (name) => {
    const kept = recordedFile(name, "review.md");
    const rendered = comment(name);
    // UPDATE_REVIEWS=1 writes them again: read the difference before committing it.
    if (process.env.UPDATE_REVIEWS) writeFileSync(kept, rendered);

    expect(rendered).toBe(readFileSync(kept, "utf8"));
  });

  test("puts a database that is replaced first, with the attribute that forces it", () => {
    const [, first = ""] = render("replace-database").split("\n\n");

    expect(first).toContain("> [!CAUTION]");
    expect(first).toMatch(/`aws_db_instance\.database_instance_1A2B3C4D` is \*\*replaced\*\*/);
    expect(first).toContain('`db_name: "first" → "second"`');
    expect(first).not.toContain("instance_class");
    expect(first).toContain("every record");
  });

  test("warns of a deleted bucket, but not of its settings; what Terraform only forgets stays", () => {
    const review = render("destroy-bucket");

    expect(section(review, "> [!CAUTION]")).toContain("aws_s3_bucket.import_landing_bucket_2B3C4D5E");
    expect(section(review, "> [!CAUTION]")).not.toContain("aws_s3_bucket_versioning");
    expect(section(review, "### Destroyed or replaced")).toContain("aws_s3_bucket_versioning");
    expect(section(review, "### Left behind")).toContain("aws_dynamodb_table.orders_ledger_table_4D5E6F70");
    expect(review).toContain("### Changes: 2 destroy, 1 forget\n");
  });

  test("shows permissions and network rules clause by clause, and leaves out what means the same", () => {
    const access = section(render("permissions"), "### Permissions and network rules").split("\n");

    expect(access).toEqual(
      expect.arrayContaining([
        "+   principal Service states.amazonaws.com",
        '  Allow "ReadRaw"',
        "    action s3:GetObject",
        "-   action s3:ListBucket",
        "+   action s3:PutObject",
        "+   resource *",
        '- Allow "OldQueue"',
        '+ Deny "NoPlainHttp"',
        "+   condition Bool aws:SecureTransport = false",
        "+ policy_arn arn:aws:iam::aws:policy/AdministratorAccess",
        "+ ingress tcp 22 from 0.0.0.0/0 (from anywhere)",
        "- egress tcp 5432 to 10.42.0.0/16",
        "+ egress tcp 5432 to 5433 to 10.42.0.0/16",
      ]),
    );
    expect(access.join("\n")).not.toMatch(/logs:|8080/);
  });

  test("lists what is made by stack and module", () => {
    const table = section(render("create"), "### Changes: 5 create").split("\n");

    expect(table).toContain(
      "| etl | covid/load/role | create | `aws_iam_role_policy.covid_load_role_policy_4D5E6F70` |  |",
    );
    expect(table).toContain("| etl | platform/raw | create | `aws_s3_bucket.platform_raw_bucket_1A2B3C4D` |  |");
  });

  test("shows the values of updates", () => {
    expect(render("update")).toContain("- visibility_timeout_seconds = 30\n+ visibility_timeout_seconds = 60\n");
    expect(render("update")).toContain('- etl.revision = "alpha"\n+ etl.revision = "beta"\n');
    expect(render("update")).not.toContain("tags_all");
  });

  test("says in one line that nothing changes", () => {
    expect(render("empty")).toBe("**Plan for dev**: no changes; 2 unchanged\n");
  });
});

describe("secrets of a recorded plan", () => {
  const review = render("sensitive");

  test("are nowhere: not in policies, tags, copies of tags, outputs, nor where they were written down again", () => {
    const plan = readFileSync(recordedFile("sensitive"), "utf8");

    const [, generated = "none"] = /"result":"([^"]+)"/.exec(plan) ?? [];
    for (const secret of ["swordfish-before", "swordfish-after", generated]) {
      expect(plan).toContain(secret);
      expect(review).not.toContain(secret);
    }
    expect(review).not.toContain("$2a$10$");
  });

  test("still show that they change", () => {
    expect(review).toContain('- secret_string = "(sensitive)"\n+ secret_string = "(sensitive, changed)"\n');
    expect(review).toContain("- policy (sensitive)\n+ policy (sensitive, changed)\n");
    expect(review).toContain('- insecure_value = "old habits: (sensitive)"\n');
  });
});

describe("a plan that is too large for a comment", () => {
  test("is cut within the limit, with nothing left open, and says so", () => {
    const text = comment("too-large");

    expect(render("too-large").length).toBeGreaterThan(COMMENT_LIMIT);
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text.length).toBeGreaterThan(COMMENT_LIMIT - 1000);
    expect(text.match(/^```/gm)?.length).toBe(2 * (text.match(/^```diff$/gm)?.length ?? 0));
    expect(text.match(/^<details>/gm)?.length ?? 0).toBe(text.match(/^<\/details>/gm)?.length ?? 0);
    expect(text).toMatch(/> \[!NOTE\]\n> Cut\.\n$/);
  });
});

describe("texts of strangers", () => {
  test("stay text: no mention, no tag, no headline, no end of a block or a table's cell", () => {
    const review = render("untrusted");
    const outside = review.replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, "").replace(/`[^`\n]*`/g, "");

    expect(outside).not.toMatch(/@|<img|<b>|^## Approved/m);
    expect(review.match(/^## .*$/gm)).toEqual(["## Plan for dev"]);
    expect(outside.match(/^<\/?details>/gm)).toEqual(["<details>", "</details>"]);
    for (const row of outside.match(/^\| etl .*$/gm) ?? []) expect(row.match(/\|/g)).toHaveLength(6);
    expect(review).toContain("\\u202e");
  });
});
