import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { dev } from "../../../config/dev";
import { section, wholeNumber } from "../../../config/kinds";
import { overrideConfig } from "../../../config/load";
import { type Overrides, override } from "../../../config/overrides";
import { configSchema } from "../../../config/schema";
import { readKeys } from "../../../scripts/project/config-docs/keys";
import { renderDocs } from "../../../scripts/project/config-docs/render";

describe("docs/configuration.md", () => {
  test("is what the schema says", () => {
    const file = readFileSync(join(__dirname, "../../../docs/configuration.md"), "utf8");

    expect(file).toBe(renderDocs(readKeys(configSchema)));
  });

  test("has every key once a mode, with its text, default and example", () => {
    const keys = readKeys(configSchema).flatMap(({ rows, mode }) => rows.map(({ key }) => `${mode ?? ""} ${key}`));

    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(
      expect.arrayContaining(["existing network.vpcId", "create database.multiAz", " logs.retentionDays"]),
    );
    expect(keys.length).toBeGreaterThan(50);
  });

  test("shows a key in one row", () => {
    expect(renderDocs(readKeys(configSchema))).toContain(
      "| `network.zones` | Availability zones, with a private subnet in each. RDS needs two. | a whole number from 2 to 3 | `2` | `3` |",
    );
  });

  test("gives examples that are accepted", () => {
    // GitHub's two ids go together, and a ledger forgets no file that is still there.
    const base = { ...dev, github: { ownerId: 1, repositoryId: 2 }, retention: { incomingDays: 365 } };
    const tables = readKeys(configSchema).filter((table) => table.mode !== "existing");
    for (const { mode, rows } of tables) {
      const ofMode = tables.filter((table) => table.mode === mode).flatMap((table) => table.rows.map(({ key }) => key));
      for (const { key, example } of rows) {
        const path = key.replace("NAME", "sales").split(".").reverse();
        const given = path.reduce<unknown>((inner, name) => ({ [name]: inner }), example);
        // A mode is said where the section has it, or one around it.
        const sections = path.slice(1).map((_, depth) => path.slice(depth + 1));
        const moded = sections.find((section) => ofMode.includes(`${[...section].reverse().join(".")}.mode`));
        const chosen = moded?.reduce<unknown>((inner, name) => ({ [name]: inner }), { mode }) ?? {};
        const overrides = override((mode === undefined ? {} : chosen) as Overrides, given as Overrides);

        expect(() => overrideConfig(base, overrides as Overrides)).not.toThrow();
      }
    }
  });
});

describe("readKeys", () => {
  test.each([
    ["a description", wholeNumber(1, 2).meta({ examples: [1] })],
    ["an example", wholeNumber(1, 2).meta({ description: "zones" })],
    ["what is allowed", z.number().meta({ description: "zones", examples: [1] })],
  ])("refuses a key without %s", (_, key) => {
    expect(() => readKeys(section({ network: section({ zones: key }) }))).toThrow(
      "key network.zones is not documented",
    );
  });
});
