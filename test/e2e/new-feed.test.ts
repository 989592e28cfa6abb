import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../support/processes/checkout";

const MINUTES = 60_000;
const FILE = "Meter;Read at;kWh\nm-17;05.01.2026 10:00;1,5\nm-17;05.01.2026 11:00;2,25\nm-18;05.01.2026 10:00;0,75\n";

const OTHER = { name: "other", table: "later", columns: { id: { type: "integer" }, a: { type: "text" } }, key: ["id"] };

describe("npm run new-feed in a checkout", () => {
  let checkout: Checkout;
  let said: string;

  beforeAll(async () => {
    checkout = await Checkout.create();
    writeFileSync(join(checkout.root, "meters.csv"), FILE);
    const options = ["--from", "meters.csv", "--key", "Meter,read_at", "--trigger", "s3://raw/meters/"];
    said = (await checkout.npm("new-feed", ["made-up-meters", ...options, "--schedule", "rate(1 day)"])).stdout;
    rmSync(join(checkout.root, "meters.csv"));
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
        "test/infra/(stacks|feed|etl|alarms|overdue)",
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

  test("what it loaded is there: of the file nothing, of the sample all is new", async () => {
    const load = async (name: string) =>
      JSON.parse((await checkout.npm("etl", ["feed", name, "--json", "--quiet"])).stdout);

    expect(await load("made-up-meters")).toMatchObject({
      contract: "made-up-meters",
      status: "succeeded",
      inserted: 3,
    });
    expect(await load("new")).toMatchObject({ inserted: 0, rows: 0 });
  });

  test("it writes the settings that it was given", async () => {
    const config = readFileSync(join(checkout.root, "config/dev.ts"), "utf8");

    expect(config).toMatch(
      /schedule: \{ expression: "rate\(1 day\)" \},\s+trigger: "objects",\s+source: \{ prefix: "raw\/meters\/" \}/,
    );
  });

  test("it keeps the addresses of what a feed deploys", () => {
    const list = readFileSync(join(checkout.root, "test/infra/addresses/feeds/made-up-meters.txt"), "utf8");

    expect(list).toContain("aws_sfn_state_machine.made-up-meters_machine");
  });

  test("it says where its files are and what comes next", () => {
    expect(said).toContain("etl/feeds/made-up-meters.ts");
    expect(said).toContain("3 rows, 3 inserted, 0 superseded, 0 rejected");
    expect(said).toContain("npm run etl -- feed made-up-meters");
  });

  test("a second one of the name is refused, and nothing is written", async () => {
    const before = (await checkout.git("status", "--short")).stdout;
    const { output } = await checkout.npm("new-feed", ["made-up-meters"], { accept: [2] });

    expect(output).toContain("There is already such a feed");
    expect((await checkout.git("status", "--short")).stdout).toBe(before);
  });

  test("what fails on the way leaves nothing, and says what to do", async () => {
    // Prepare: a table that the embedded database has from an earlier try.
    writeFileSync(join(checkout.root, "other.json"), JSON.stringify(OTHER));
    writeFileSync(join(checkout.root, "other.csv"), "id,a\n1,x\n");
    await checkout.npm("etl", ["feed", "./other.json", "other.csv", "--quiet"]);
    writeFileSync(join(checkout.root, "later.csv"), "id,b\n1,x\n2,x\n");
    const before = (await checkout.git("status", "--short")).stdout;

    // Act
    const { output } = await checkout.npm("new-feed", ["later", "--from", "later.csv"], { accept: [1] });

    // Assess
    expect(output).toContain("Nothing was written: The table later is not what the contract later describes");
    expect(output).toContain("The embedded database has a table later already");
    expect((await checkout.git("status", "--short")).stdout).toBe(before);
  });
});
