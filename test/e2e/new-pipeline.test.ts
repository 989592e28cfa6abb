import { Checkout } from "../support/processes/checkout";

const MINUTES = 60_000;
const ASKED = ["made-up-sales", "--schedule", "rate(1 day)", "--trigger", "s3://sales/"];

describe("npm run new-pipeline in a checkout", () => {
  let checkout: Checkout;
  let said: string;

  beforeAll(async () => {
    checkout = await Checkout.create();
    said = (await checkout.npm("new-pipeline", ASKED)).stdout;
    await checkout.npm("new-pipeline", ["made-up-meters", "--import"]);
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
        "test/integration/(made-up-sales|import-made-up-meters)",
        "test/infra/(stacks|etl|alarms)",
        "test/unit/(scripts/ops/pipeline-names|config)",
      ],
    ],
  ])(
    "a new pipeline and a new contract of import pass npm run %s %j",
    async (script, args) => {
      expect((await checkout.npm(script, args)).code).toBe(0);
    },
    10 * MINUTES,
  );

  test("it runs on this machine at once, and the second time changes nothing", async () => {
    const load = async () => JSON.parse((await checkout.npm("etl", ["made-up-sales", "--json", "--quiet"])).stdout);

    expect(await load()).toMatchObject({ pipeline: "made-up-sales", status: "succeeded", inserted: 3 });
    expect(await load()).toMatchObject({ inserted: 0, unchanged: 3 });
  });

  test("the contract of import loads its sample on this machine, too", async () => {
    const { stdout } = await checkout.npm("etl", ["feed", "made-up-meters", "--json", "--quiet"]);

    expect(JSON.parse(stdout)).toMatchObject({ contract: "made-up-meters", inserted: 3, rejected: 0 });
  });

  test("it adds addresses of its own to the stack, and takes or changes none of another pipeline", async () => {
    // Act
    const { stdout } = await checkout.git("diff", "--unified=0", "test/infra/addresses");

    // Assess
    const lines = stdout.split("\n").filter((line) => /^[+-](?![+-])/.test(line));
    const [added, gone] = ["+", "-"].map((sign) => lines.filter((line) => line.startsWith(sign)));
    expect(gone).toEqual([]);
    expect(added?.length).toBeGreaterThan(60);
    for (const address of added ?? []) expect(address).toContain("made-up-sales");
  });

  test("it changes one list in each file that knows every pipeline, and says what it wrote", async () => {
    // Act
    const { stdout } = await checkout.git("status", "--porcelain", "--untracked-files=all");

    // Assess
    const paths = stdout.split("\n").map((line) => line.slice(3));
    const others = paths.filter((path) => !/made-up-sales|made-up-meters/.test(path));
    expect(others.sort()).toEqual([
      "config/schema/pipelines.ts",
      "docs/configuration.md",
      "etl/feeds/feeds.ts",
      "scripts/run/commands.ts",
      "stacks/etl/pipelines.ts",
      "test/infra/addresses/etl-database-create.txt",
      "test/infra/addresses/etl-database-existing.txt",
    ]);
    for (const path of paths.filter((each) => each.includes("made-up-sales"))) expect(said).toContain(path);
  });

  test("it is not written a second time, nor over a file that is there", async () => {
    // Act
    const again = await checkout.npm("new-pipeline", ASKED, { accept: [2] });
    await checkout.git("checkout", "--", "config", "stacks", "scripts");
    const over = await checkout.npm("new-pipeline", ASKED, { accept: [2] });

    // Assess
    expect(again.output).toContain('There is such a pipeline, or contract of import: got "made-up-sales"');
    expect(over.output).toContain(
      "Nothing was written: files of this name are there: got config/schema/pipelines/made-up-sales.ts",
    );
  });
});
