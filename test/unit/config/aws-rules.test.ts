import { PGlite } from "@electric-sql/pglite";
import { dev } from "../../../config/dev";
import { overrideConfig } from "../../../config/load";
import type { Overrides } from "../../../config/overrides";
import { isNewDatabaseName } from "../../../config/rules/database-name";
import type { AwsRule } from "../../support/aws-rules/aws-rule";
import { dataRules } from "../../support/aws-rules/data-rules";
import { namesRules } from "../../support/aws-rules/names-rules";
import { workRules } from "../../support/aws-rules/work-rules";

const rules = [...namesRules, ...dataRules, ...workRules];

/** `{network: {cidr: value}}` of `network.cidr`, over what else the rule sets. */
function overridesOf({ key, under = {} }: AwsRule, value: unknown): Overrides {
  const [first = "", ...rest] = key.split(".");
  const merge = (base: unknown, [name, ...more]: readonly string[]): unknown =>
    name === undefined ? value : { ...(base as object), [name]: merge((base as Overrides | undefined)?.[name], more) };
  return { ...under, [first]: merge(under[first], rest) };
}

describe.each(rules)("$key: $rule ($source)", (rule) => {
  test("takes what AWS takes", () => {
    for (const value of rule.accepted) expect(() => overrideConfig(dev, overridesOf(rule, value))).not.toThrow();
  });

  test("refuses what AWS refuses, by the key's path", () => {
    for (const value of rule.refused) {
      expect(() => overrideConfig(dev, overridesOf(rule, value))).toThrow(
        new RegExp(
          `^The configuration .* is refused:\n(.*\n)* {2}${rule.key.replaceAll(".", "\\.")}\\b.*: got .*, allowed is`,
        ),
      );
    }
  });
});

test("every word that PostgreSQL reserves is refused as a database's name, and no other word of SQL", async () => {
  const database = await PGlite.create();
  const { rows } = await database.query<{ word: string; catcode: string }>(
    "select word, catcode from pg_get_keywords()",
  );
  await database.close();

  const refused = rows.filter(({ word }) => !isNewDatabaseName(word)).map(({ word }) => word);

  expect(refused.sort()).toEqual(
    rows
      .filter(({ catcode }) => catcode === "R" || catcode === "T")
      .map(({ word }) => word)
      .sort(),
  );
});
