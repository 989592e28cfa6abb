import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { describeUnless } from "../support/files/real-data";
import { Checkout } from "../support/processes/checkout";
import { postgresMissing, startPostgres } from "../support/servers/postgres";

const MINUTES = 60_000;
const NOTE = '    note: { type: "text", nullable: true },\n';
/** The changes of one run, each of another pipeline or feed, or of none. */
const CHANGES = {
  "a renamed header": ["etl/feeds/readings.ts", "kwh: { type", 'kwh: { header: "energy", type'],
  "inner for left join": ["config/dev.ts", "pipelines: {", 'pipelines: { covid: { join: "inner" },'],
  "another rounding": [
    "etl/pipelines/orders/records/amount.ts",
    "digits.slice(-PLACES).replace",
    "digits.slice(-PLACES).slice(0, 1).replace",
  ],
  "a new column": ["etl/feeds/sales.ts", "    quantity:", `${NOTE}    quantity:`],
  "a stricter check": ["etl/feeds/sales.ts", 'quantity: { type: "integer"', 'quantity: { type: "integer", max: 3'],
  "a changed key": ["etl/feeds/readings.ts", 'key: ["meter", "read_at"]', 'key: ["read_at"]'],
  "a refactoring": [
    "etl/feeds/ledger/summarise.ts",
    "\nexport ",
    "\n/** Made for the test. */\nconst made = 0;\nvoid made;\n\nexport ",
  ],
  "a dependency's update": [
    "package-lock.json",
    '"node_modules/papaparse": {\n      "version": "',
    '"node_modules/papaparse": {\n      "version": "999.',
  ],
} as const;

describeUnless(postgresMissing, "npm run data-plan", () => {
  let checkout: Checkout;
  let server: PostgresServer;

  beforeAll(async () => {
    checkout = await Checkout.create();
    edit(["etl/feeds/sales.ts", NOTE, ""]);
    await checkout.commit("the base");
    await checkout.git("branch", "base");
    server = await startPostgres();
  }, 2 * MINUTES);

  afterAll(async () => {
    await server?.remove();
    await checkout?.remove();
  });
  afterEach(() => checkout.git("checkout", "--quiet", "."));

  function edit([file, find, replace]: readonly [string, string, string]): void {
    const path = join(checkout.root, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(find)) throw new Error(`${file} does not hold ${find}`);
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
  }

  async function plan(changes: readonly (keyof typeof CHANGES)[], args: readonly string[], code = 0) {
    for (const change of changes) edit(CHANGES[change]);
    const { stdout, output } = await checkout.npm("data-plan", ["--base", "base", ...args], { accept: [code] });
    return { text: stdout, output };
  }

  test(
    "shows rows, schema and messages by pipeline, and what this version's run says",
    async () => {
      const { text, output } = await plan(
        ["a renamed header", "inner for left join", "another rounding", "a new column"],
        [],
        1,
      );
      const part = (name: string) => text.split(/^### /m).find((one) => one.startsWith(name)) ?? "";

      // covid: days without recoveries are dropped.
      expect(part("covid")).toContain("Touched by `its settings`");
      expect(part("covid")).toMatch(/\*\*\d+ removed, 0 added, 0 changed\*\*/);
      expect(part("covid")).toMatch(/\| date = \d{4}-\d\d-\d\d \| .*recoveries = NULL.* \| {2}\|/);
      // orders: amounts with one decimal.
      expect(part("orders")).toMatch(
        /Messages: 8 → 8: \*\*0 removed, 0 added, \d changed\*\* \(`total_amount_spent` in \d, `orders` in \d\)/,
      );
      expect(part("orders")).toContain("1068.74");
      // sales: the column is added, and no row is written anew for it.
      expect(part("sales")).toContain("column `note` is added: `text`");
      expect(part("sales")).toContain("0 removed, 0 added, 0 changed");
      expect(part("sales")).toMatch(/An existing table with these \d+ rows: PostgreSQL changes only its catalogue/);
      // readings: no source has the header.
      expect(part("readings")).toContain("The run of this version failed");
      expect(part("readings")).toContain("energy");
      expect(output).toContain("A run of this version fails, which the base's does not: got readings");
    },
    5 * MINUTES,
  );

  test(
    "names the label where more messages are changed than the configuration allows, and leaves nothing in a PostgreSQL by URL",
    async () => {
      const { text, output } = await plan(
        ["another rounding", "a changed key"],
        ["--pipeline", "orders", "readings", "--database-url", server.url()],
        1,
      );

      expect(text).toContain("Key: `meter`, `read_at` → `read_at`.");
      expect(text).toMatch(/PRIMARY KEY/);
      expect(text).toContain("An existing table is not changed by this version");
      expect(output).toMatch(/got orders [\d.]+%, expected at most 1% .* the label allow-data-change/);
      const [used] = await server.query<{ written: boolean; left: number }>(
        "postgres",
        `SELECT (SELECT tup_inserted > 1000 FROM pg_stat_database WHERE datname = 'postgres') AS written,
          (SELECT count(*)::int FROM pg_namespace WHERE nspname LIKE 'millrace%') AS left`,
      );
      expect(used).toEqual({ written: true, left: 0 });
    },
    5 * MINUTES,
  );

  test(
    "is one line where the data stay as they are, though the base's branch went on since",
    async () => {
      await checkout.git("checkout", "--quiet", "base");
      edit(CHANGES["a changed key"]);
      await checkout.commit("what others did");
      await checkout.git("checkout", "--quiet", "-");

      const { text, output } = await plan(["a refactoring"], ["--pipeline", "readings"]);

      expect(text.trim()).toMatch(/^## Data plan\n\nNo change to the data of readings/);
      expect(output).toContain("sales: touched, but not compared");
      expect(text).not.toContain("sales");
    },
    5 * MINUTES,
  );

  test(
    "a dependency touches what imports it: the base runs with its own packages",
    async () => {
      const changes = ["a dependency's update", "a stricter check"] as const;
      const { text, output } = await plan(changes, ["--pipeline", "orders", "sales"], 1);

      expect(output).toContain("The base has another lockfile");
      expect(text).toMatch(/### orders\n\nNo change to the data\. Touched by .*`papaparse@999/);
      // sales: too many rows are rejected now.
      expect(text).toMatch(/\| quantity&#58; got .*expected a whole number .* to 3 \| 0 \| \d+ \|/);
      expect(text).toContain("Too many rows were rejected");
    },
    5 * MINUTES,
  );
});
