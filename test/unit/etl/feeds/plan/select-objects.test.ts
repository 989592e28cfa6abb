import { compileSelection, type Selection } from "../../../../../etl/feeds/plan/select-objects";

describe("which objects are selected", () => {
  const below = (prefix: string, selection: Selection) => {
    const isSelected = compileSelection({ name: `s3://raw/${prefix}`, locate: (key) => `s3://raw/${key}` }, selection);
    return (rest: string) => isSelected(`${prefix}${rest}`);
  };

  test.each<[string, readonly string[], readonly string[]]>([
    ["*", ["a.csv", "a/b/c.csv"], ["_SUCCESS", "a/.b"]],
    ["*.csv", ["a.csv", "a/b.csv"], ["a.csv.gz", "a.CSV", "acsv"]],
    ["2026-??/*", ["2026-01/a", "2026-12/a/b"], ["2026-1/a", "2026-01"]],
    ["a+(b)[c].{csv}|^$", ["a+(b)[c].{csv}|^$"], ["aab.csv", "a.csv"]],
    ["_data/*", ["_data/a.csv"], ["data/a.csv", "a.csv"]],
    ["?", ["é", "😀", "a"], ["ab", ""]],
    ["a.csv", ["a.csv"], ["b/a.csv", "a.csv2"]],
  ])("%s", (pattern, selected, others) => {
    for (const prefix of ["sales/", "", "sales/x-"]) {
      const isSelected = below(prefix, { include: [pattern] });
      for (const rest of selected) expect([rest, isSelected(rest)]).toEqual([rest, true]);
      if (prefix.endsWith("-")) continue;
      for (const rest of others) expect([rest, isSelected(rest)]).toEqual([rest, false]);
    }
  });

  test("exclude comes before include; without include it leaves all others", () => {
    const both = below("in/", { include: ["*.csv"], exclude: ["old/*", "*b.csv"] });
    const alone = below("in/", { exclude: ["*.tmp"] });

    expect(["a.csv", "c/b.csv", "old/a.csv", "a.txt"].map(both)).toEqual([true, false, false, false]);
    expect(["a.csv", "a.tmp", ".a.csv"].map(alone)).toEqual([true, false, false]);
  });

  test("never a verdict, whatever is included", () => {
    for (const selection of [{}, { include: ["*"] }, { include: ["_*", "*.verdict.json"] }]) {
      const isMeant = below("in/", selection);
      expect(["a.csv.verdict.json", "_a.verdict.json", "b.verdict.json.partial"].map(isMeant)).toEqual([
        false,
        false,
        false,
      ]);
    }
    expect(["verdict.json", "a.verdict.json.csv"].map(below("in/", {}))).toEqual([true, true]);
  });

  test("of a folder, what stands behind it", () => {
    const isSelected = compileSelection({ name: "/raw", locate: (key) => `/raw/${key}` }, { include: ["a/*"] });

    expect(["a/b.csv", "b.csv"].map(isSelected)).toEqual([true, false]);
  });
});
