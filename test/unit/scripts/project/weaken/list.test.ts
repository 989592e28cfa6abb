import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { weakenings } from "../../../../../scripts/project/weaken/list";

const root = join(__dirname, "../../../../..");

describe("the list of weakenings", () => {
  test("has at least 40, each under a name of its own, and each a change", () => {
    expect(weakenings.length).toBeGreaterThanOrEqual(40);
    expect(new Set(weakenings.map(({ name }) => name)).size).toBe(weakenings.length);
    expect(weakenings.filter(({ find, replace }) => find === replace)).toEqual([]);
  });

  test.each(weakenings.map((each) => [each.name, each]))(
    "%s: what it replaces stands once, and its gate is there",
    (_, each) => {
      const { file, find, gate } = each;

      expect(readFileSync(join(root, file), "utf8").split(find)).toHaveLength(2);
      expect("tests" in gate ? gate.tests.filter((test) => !existsSync(join(root, test))) : []).toEqual([]);
    },
  );

  const titled = weakenings.flatMap(({ name, says, gate }) => {
    const end = says.source.split(" ").slice(-3).join(" ");
    return "tests" in gate && /^[a-z]+ [a-z]+ [a-z]+$/.test(end) ? [{ name, end, tests: gate.tests }] : [];
  });

  test.each(titled)("$name: the title that its gate must tell ends like one of its tests: $end", ({ end, tests }) => {
    expect(tests.map((file) => readFileSync(join(root, file), "utf8")).join("\n")).toContain(end);
  });

  test("most of them name a test by its title", () => {
    expect(titled.length).toBeGreaterThanOrEqual(30);
  });
});
