import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Feed } from "../../../../../etl/core/contract/contract";
import { checkFeed } from "../../../../../etl/core/contract/schema/check-contract";
import { contracts } from "../../../../../etl/feeds/feeds";
import { buildDoorstep } from "../../../../../scripts/deliver/build/doorstep";
import { guessFeed, toFeed } from "../../../../../scripts/project/new-feed/guess/guess-feed";
import { profileCsv } from "../../../../../scripts/project/new-feed/profile/profile-csv";
import { DOOR_FEED, DOOR_FILES } from "../../../../support/doorstep/door-files";
import { pageVerdict, serverVerdict, type Verdict } from "../../../../support/doorstep/server-verdict";
import { type Carried, carriedBy, checkInNode } from "../../../../support/doorstep/worker-in-node";
import { ODD_FILES } from "../../../../support/feeds/odd/odd-files";

const root = join(__dirname, "../../../../..");
let built: Carried;

beforeAll(async () => {
  built = carriedBy(await buildDoorstep(root, DOOR_FEED));
});

/** What the page's own code says, of a feed and a file. */
async function check(feed: Feed, content: string | Uint8Array, chunkBytes = 2 ** 26): Promise<Verdict> {
  const { maxRejected = { rows: 0 } } = feed;
  const doorstep = { name: feed.name, contract: feed, maxRejected, chunkBytes };
  const { verdict, shown, csv } = await checkInNode({ ...built, doorstep }, new File([content], "f.csv"));
  expect((await csv.text()).split("\n").length).toBeGreaterThan(shown.length);
  return pageVerdict({ ...verdict, rejections: shown });
}

const firstOf = ({ reasons, raw, ...verdict }: Verdict) => ({
  ...verdict,
  reasons: reasons.slice(0, 100),
  raw: raw.slice(0, 100),
});

async function expectAlike(feed: Feed, content: string | Uint8Array): Promise<Verdict> {
  const [there, here] = [await serverVerdict(feed, "f.csv", content), await check(feed, content)];
  expect(here).toEqual(firstOf(there));
  return here;
}

describe("the page says what the load says", () => {
  test.each(DOOR_FILES)("of $kind", async ({ content, csv }) => {
    await expectAlike({ ...DOOR_FEED, ...csv }, content);
  });

  test.each(ODD_FILES)("of a file with $kind", async ({ content, key, rows, rejected = 0 }) => {
    async function* bytes() {
      yield Buffer.from(content);
    }
    const guessed = guessFeed(await profileCsv(bytes(), "f.csv"));
    const [first = "", ...others] = key ?? guessed.columns.slice(0, 1).map(({ name }) => name);
    const feed = checkFeed(toFeed(guessed, { name: "odd", table: "odd" }, [first, ...others]));
    expect(await expectAlike(feed, content)).toMatchObject({ rows, rejected });
    await expectAlike(DOOR_FEED, content);
  });

  test.each(contracts.map((contract) => [contract.name, contract] as const))(
    "of the samples of %s",
    async (name, feed) => {
      const folder = join(root, "samples/feeds", name);
      for (const file of readdirSync(folder)) {
        const { rows, refusal } = await expectAlike(feed, readFileSync(join(folder, file)));
        expect([rows > 0, refusal]).toEqual([true, undefined]);
      }
    },
  );

  test("of a file that is cut, whose quotes must pair in each line", async () => {
    const good = `id,day,amount,size,Code,doc\n${"1,27.08.2026,1,small,AB-1,\nx\n".repeat(9)}`;
    const odd = `${good}2,27.08.2026,1,"small,AB-1,\n`;
    expect(await check(DOOR_FEED, good, 100)).toEqual(await serverVerdict(DOOR_FEED, "f.csv", good, 100));
    const [there, here] = [await serverVerdict(DOOR_FEED, "f.csv", odd, 100), await check(DOOR_FEED, odd, 100)];
    expect(here.refusal).toMatch(/^A quoted field seems to hold a line break/);
    expect(here.refusal).toBe(there.refusal);
    expect((await check(DOOR_FEED, odd)).refusal).toBeUndefined();
  });
});

describe("the page's worker", () => {
  test("names lines, tells how far it is, and gives all rejected rows as a CSV", async () => {
    // Prepare
    const bad = Array.from({ length: 150 }, (_, at) => `"x ${at}",y\n`).join("");
    const content = `id\n${`${"0".repeat(1_023)}\n`.repeat(2_048)}${bad}`;
    const contract = { columns: { id: { type: "bigint" } } } as const;
    const doorstep = { name: "ids", contract, maxRejected: { rows: 200 }, chunkBytes: 2 ** 26 };
    const steps: number[] = [];

    // Act
    const file = new File([content], "ids.csv");
    const { verdict, shown, csv } = await checkInNode({ ...built, doorstep }, file, (done) => steps.push(done));

    // Assess
    expect(verdict).toEqual({ rows: 2_198, accepted: 2_048, rejected: 150, headerFits: true, unknown: [] });
    expect(shown).toHaveLength(100);
    expect(shown[0]).toMatchObject({ line: 2_050, reason: "got 2 fields, expected 1 as in the header" });
    expect(steps).toEqual([0, 1_048_576, 2_097_152]);
    const lines = (await csv.text()).trim().split("\r\n");
    expect(lines).toHaveLength(151);
    expect(lines[1]).toBe('2050,"got 2 fields, expected 1 as in the header","""x 0"",y"');
  });

  test("says that only the load reads zstd", async () => {
    const zstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0]);
    expect((await check(DOOR_FEED, zstd)).refusal).toBe(
      "This page does not unpack zstd (f.csv). Unpack the file and check that: the load reads either",
    );
  });
});

describe("the page", () => {
  test("says what is expected, and nothing of the table", async () => {
    const page = await buildDoorstep(root, { ...DOOR_FEED, table: "secret_schema.secret_table", revisions: true });
    expect(page).toContain("<code>Code</code> or <code>code</code>");
    expect(page).toContain("a calendar day as DD.MM.YYYY");
    expect(page).toContain("A file with more than 20 rejected rows is rejected");
    expect(page).not.toMatch(/secret_|revisions/);
  });

  test("runs only its own scripts, sends nothing, and is the same each time", async () => {
    const page = await buildDoorstep(root, DOOR_FEED);
    const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy.replaceAll("&#39;", "'").replace(/sha256-[^']+/g, "sha256")).toBe(
      "default-src 'none'; script-src 'sha256'; style-src 'sha256'; worker-src blob:; img-src data:; base-uri 'none'; form-action 'none'",
    );
    expect(await buildDoorstep(root, DOOR_FEED)).toBe(page);
  });

  test("cannot be broken out of by a contract", async () => {
    const hostile = "</script><script>alert(1)</script>";
    const columns = { ...DOOR_FEED.columns, id: { type: "bigint", header: hostile, expected: hostile } } as const;
    const page = await buildDoorstep(root, { ...DOOR_FEED, columns });
    expect(page).not.toContain(hostile);
    expect(carriedBy(page).doorstep.contract.columns.id?.header).toBe(hostile);
  });
});
