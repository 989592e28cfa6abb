import { Checkout } from "../support/processes/checkout";

const MINUTES = 60_000;

describe("npm run new-feed in a checkout", () => {
  let checkout: Checkout;
  let said: string;

  beforeAll(async () => {
    checkout = await Checkout.create();
    said = (await checkout.npm("new-feed", ["made-up-sales"])).stdout;
    await checkout.npm("new-feed", ["new"]);
  }, 3 * MINUTES);

  afterAll(() => checkout?.remove());

  test.each([
    ["lint", []],
    ["types", []],
    ["unused", []],
    ["imports", []],
    ["docs:config", ["--check"]],
    [
      "jest",
      [
        "test/integration/samples",
        "test/infra/(stacks|feeds|etl|alarms|overdue)",
        "test/unit/(scripts/ops/pipeline-names|config)",
      ],
    ],
  ])(
    "new feeds pass npm run %s %j",
    async (script, args) => {
      expect((await checkout.npm(script, args)).code).toBe(0);
    },
    10 * MINUTES,
  );

  test("one runs on this machine at once, and the second time changes nothing", async () => {
    const load = async () =>
      JSON.parse((await checkout.npm("etl", ["feed", "made-up-sales", "--json", "--quiet"])).stdout);

    expect(await load()).toMatchObject({ contract: "made-up-sales", status: "succeeded", inserted: 3 });
    expect(await load()).toMatchObject({ inserted: 0, rows: 0 });
  });

  test("it says where its files are and what comes next", () => {
    expect(said).toContain("etl/feeds/made-up-sales.ts");
    expect(said).toContain("npm run etl -- feed made-up-sales");
  });

  test("a second one of the name is refused, and nothing is written", async () => {
    const before = (await checkout.git("status", "--short")).stdout;
    const { output } = await checkout.npm("new-feed", ["made-up-sales"], { accept: [2] });

    expect(output).toContain("There is such a feed");
    expect((await checkout.git("status", "--short")).stdout).toBe(before);
  });
});
