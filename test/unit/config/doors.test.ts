import { dev } from "../../../config/dev";
import { overrideConfig } from "../../../config/load";
import type { Overrides } from "../../../config/overrides";
import { exceptOrders, partnersOf } from "../../../config/partners";

const principalArn = "arn:aws:iam::444455556666:role/feeds";
const acme = { name: "acme", principalArn, prefix: "acme/" };
const orders = (...partners: readonly object[]) => ({ pipelines: { orders: { partners } } });
const metadata = (prefix: string) => ({ partners: [{ ...acme, prefix }] });
const consumers = (...arns: readonly string[]) => ({
  pipelines: { orders: { consumers: arns.map((arn) => ({ principalArn: arn })) } },
});

const parse = (overrides: object) => overrideConfig(dev, overrides as Overrides);

describe("partners and consumers", () => {
  test.each([
    "arn:aws:iam::444455556666:root",
    "arn:aws:iam::444455556666:role/feeds",
    "arn:aws:iam::444455556666:role/service/path/feeds+a=b,c.d@e-f_g",
    "arn:aws-us-gov:iam::444455556666:user/feeds",
  ])("are one account, role or user: %s", (arn) => {
    // Act
    const { pipelines } = parse({
      pipelines: { orders: { partners: [{ ...acme, principalArn: arn }], consumers: [{ principalArn: arn }] } },
    });

    // Assess
    expect(pipelines.orders.partners).toEqual([{ ...acme, principalArn: arn }]);
    expect(pipelines.orders.consumers).toEqual([{ principalArn: arn }]);
  });

  test.each([
    "*",
    "444455556666",
    "arn:aws:iam::*:root",
    "arn:aws:iam::444455556666:*",
    "arn:aws:iam::444455556666:role/*",
    "arn:aws:iam::444455556666:role/feeds-?",
    "arn:aws:iam::444455556666:role/",
    "arn:aws:iam::444455556666:role//feeds",
    "arn:aws:iam::444455556666:group/feeds",
    "arn:aws:iam::44445555666:root",
    "arn:aws:sts::444455556666:assumed-role/feeds/me",
    "arn:aws:iam::444455556666:role/a\narn:aws:iam::444455556666:role/b",
    `arn:aws:iam::444455556666:role/${"a".repeat(128)}/${"b".repeat(128)}`,
  ])("are nobody else: %j", (arn) => {
    // Assess
    for (const overrides of [orders({ ...acme, principalArn: arn }), consumers(arn)]) {
      expect(() => parse(overrides)).toThrow(/principalArn: got .*, allowed is the ARN of one account, role or user/);
    }
  });

  test.each(["acme/", "acme/in box/", "é/2026/", ".hidden/", "a..b/"])("may have the prefix %j", (prefix) => {
    expect(parse(orders({ ...acme, prefix })).pipelines.orders.partners).toEqual([{ ...acme, prefix }]);
  });

  test.each([
    "",
    "/",
    "acme",
    "/acme/",
    "acme//",
    "a//b/",
    "../acme/",
    "acme/../",
    "acme/./",
    " acme/",
    "acme /",
    "*/",
    "ac?e/",
    "acme/\n/",
    `${"a".repeat(100)}/`,
  ])("may not have the prefix %j", (prefix) => {
    expect(() => parse(orders({ ...acme, prefix }))).toThrow(
      /partners\.0\.prefix: got .*, allowed is folders that end/,
    );
  });

  test.each<[string, object, string]>([
    ["another pipeline's", orders({ ...acme, prefix: "uploads/acme/" }), "that of metadata, uploads/"],
    [
      "one that another pipeline's is below",
      { pipelines: { orders: { partners: [{ ...acme, prefix: "a/" }] }, metadata: { prefix: "a/b/" } } },
      "that of metadata, a/b/",
    ],
    [
      "a feed's, where that reads the incoming bucket",
      { ...orders({ ...acme, prefix: "sales/acme/" }), feeds: { sales: {} } },
      "that of sales, sales/",
    ],
    [
      "its own pipeline's, missed",
      { pipelines: { metadata: metadata("acme/") } },
      "begins with pipelines.metadata.prefix",
    ],
    [
      "what orders writes",
      { pipelines: { metadata: { prefix: "", ...metadata("messages/acme/") } } },
      "apart from those that orders writes to, messages/",
    ],
    [
      "what orders writes itself",
      orders({ ...acme, prefix: "rejected/" }),
      "apart from those that orders writes to, rejected/",
    ],
    [
      "another partner's",
      orders(acme, { ...acme, name: "other", prefix: "acme/other/" }),
      'partners.1.prefix: got "acme/other/", allowed is a prefix apart from that of orders\'s partner acme, acme/',
    ],
    ["a name twice", orders(acme, { ...acme, prefix: "other/" }), 'partners.1.name: got "acme"'],
    [
      "too many",
      orders(...Array.from({ length: 17 }, (_, at) => ({ ...acme, name: `p${at}`, prefix: `p${at}x/` }))),
      "at most 16 partners of all pipelines",
    ],
  ])("are refused: %s", (_, overrides, message) => {
    expect(() => parse(overrides)).toThrow(message);
  });

  test("are no door where their pipeline is off", () => {
    // Act
    const { pipelines } = parse({ pipelines: { orders: { enabled: false, partners: [acme] } } });

    // Assess
    expect(partnersOf(pipelines)).toEqual([]);
  });

  test("of other pipelines do not feed orders by the name of a file", () => {
    // Act
    const { pipelines } = parse({ pipelines: { orders: { partners: [acme] }, metadata: metadata("uploads/acme/") } });

    // Assess
    expect(exceptOrders(pipelines)).toEqual(["rejected/", "messages/", "uploads/acme/"]);
  });

  test("may be no consumer twice", () => {
    expect(() => parse(consumers(principalArn, principalArn))).toThrow("consumers: got");
  });
});
