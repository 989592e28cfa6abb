import { attributeDifferences } from "../../../../../../scripts/deliver/plan-review/differences/attribute-difference";
import { Secrets } from "../../../../../../scripts/deliver/plan-review/differences/secrets";
import { visibleChange } from "../../../../../../scripts/deliver/plan-review/differences/visible-change";
import { parsePlan } from "../../../../../../scripts/deliver/plan-review/plan";

const change = (values: object) => ({ actions: ["update"], replace_paths: [], ...values });

function visible(values: object) {
  const plan = parsePlan(
    {
      format_version: "1.2",
      resource_changes: [{ address: "a.b", mode: "managed", type: "a", name: "b", change: change(values) }],
    },
    "test",
  );
  return visibleChange(change(values), Secrets.of(plan));
}

/** In a JSON text that is in a JSON text. */
function nested(json: string): string {
  return JSON.stringify({ definition: `{"url":"${json}","x":1}` });
}

describe("a change without its secrets", () => {
  test("marks members of lists, and shows that one of them changed", () => {
    const { before, after } = visible({
      before: { list: [{ key: "one-secret", open: 1 }] },
      after: { list: [{ key: "other-secret", open: 1 }] },
      before_sensitive: { list: [{ key: true }] },
      after_sensitive: { list: [{ key: true }] },
    });

    expect(before).toEqual({ list: [{ key: "(sensitive)", open: 1 }] });
    expect(after).toEqual({ list: [{ key: "(sensitive, changed)", open: 1 }] });
  });

  test("finds a secret inside JSON text, as JSON and as Terraform spell it", () => {
    const secret = 'a"<b>&c';
    const terraform = `{"x":"a\\"\\u003cb\\u003e\\u0026c"}`;
    const { after } = visible({
      after: { password: secret, plain: JSON.stringify({ x: secret }), terraform },
      after_sensitive: { password: true },
    });

    expect(after).toEqual({ password: "(sensitive)", plain: '{"x":"(sensitive)"}', terraform: '{"x":"(sensitive)"}' });
  });

  test("finds what stands in a sensitive JSON text, but no word of a sensitive policy", () => {
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:GetObject" }] });
    const { after } = visible({
      after: { secret: '{"password":"swordfish"}', policy, note: "swordfish may s3:GetObject" },
      after_sensitive: { secret: true, policy: true },
    });

    expect(after).toMatchObject({ note: "(sensitive) may s3:GetObject", policy: "(sensitive)" });
  });

  test.each([
    ["https://me:s3cret@host/us.csv?v=1", "https://***@host/us.csv?v=1"],
    ["postgres://me:s3cret@db:5432/feeds", "postgres://***@db:5432/feeds"],
    ["see https://host/a?sig=s3cret&v=1 and https://host/b.", "see https://host/a?sig=***&v=1 and https://host/b."],
    ['{"url":"https://host/a?v=1\\u0026token=s3cret","x":1}', '{"url":"https://host/a?v=1&token=***","x":1}'],
    ["https://me:s3cret@host:port/", "(sensitive)"],
    ["https://a/x,https://me:s3cret@host/", "https://a/x,https://***@host/"],
    ['{"url":"https://me:s3\'c<r>et@host/a"}', '{"url":"https://***@host/a"}'],
    ["https://host/a;token=s3cret", "https://host/a;token=***"],
    [nested("https://host/a?v=1\\u0026token=s3cret"), nested("https://host/a?v=1&token=***")],
    [nested("https://host/a?v=1&sig=s3cret"), nested("https://host/a?v=1&sig=***")],
    ["https://*.example.com/x, arn:aws:s3:::b/*", "https://*.example.com/x, arn:aws:s3:::b/*"],
    ["https://sqs.eu-central-1.amazonaws.com/1/q", "https://sqs.eu-central-1.amazonaws.com/1/q"],
  ])("shows no credential in an address, marked or not: %s", (value, shown) => {
    const { before, after } = visible({
      before: { env: [{ A: value }] },
      after: { env: [{ A: value }], [value]: "x" },
    });

    expect(before).toEqual({ env: [{ A: shown }] });
    expect(after).toEqual({ env: [{ A: shown }], [shown]: "x" });
  });

  test("says that a credential in an address changed", () => {
    const { after } = visible({ before: { a: "https://h/?sig=one" }, after: { a: "https://h/?sig=two" } });

    expect(after).toEqual({ a: "https://h/?sig=*** (changed)" });
  });

  test("hides whole objects and what is not known yet", () => {
    const { after } = visible({
      before: { map: { a: "x" }, arn: "arn:1" },
      after: { map: { a: "y" } },
      after_unknown: { arn: true, token: true },
      before_sensitive: {},
      after_sensitive: { map: true, token: true },
    });

    expect(after).toEqual({
      map: "(sensitive, changed)",
      arn: "(known after apply)",
      token: "(sensitive, known after apply)",
    });
  });
});

describe("differences", () => {
  test("are those that mean something: null, empty text and empty lists are the same", () => {
    const before = { a: null, b: "", c: [], d: { e: 1 }, f: false };
    const after = { a: {}, b: null, d: { e: 2 }, f: true };

    expect(attributeDifferences({ before, after })).toEqual([
      { path: "d.e", before: 1, after: 2, computed: false },
      { path: "f", before: false, after: true, computed: false },
    ]);
  });
});
