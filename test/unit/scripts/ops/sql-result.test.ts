import { LimitedRows, StatementError } from "../../../../etl/core/database/statement";
import { renderCut, renderResult } from "../../../../scripts/ops/sql-result";

const result = {
  columns: ["name", "n"],
  rows: [
    ["a\n\u001b[31mb", "1"],
    ["c", null],
  ] as const,
};

describe("a statement's result", () => {
  test("is a table in which data breaks no line and tells the terminal nothing", () => {
    expect(renderResult(result, {})).toBe("name          n\na\\n\\x1b[31mb  1\nc             NULL\n(2 rows)");
  });

  test("is CSV as papaparse writes it, or JSON with where it was cut", () => {
    expect(renderResult(result, { csv: true })).toBe('name,n\r\n"a\n\u001b[31mb",1\r\nc,');
    expect(JSON.parse(renderResult({ ...result, cut: "rows" }, { json: true }))).toEqual({ ...result, cut: "rows" });
  });

  test("says where it was cut, and nothing where it is whole", () => {
    expect(renderCut(result)).toBeUndefined();
    expect(renderCut({ ...result, cut: "rows" })).toMatch(/^cut at 10,000 rows: there are more/);
    expect(renderCut({ ...result, cut: "bytes" })).toMatch(/^cut at 4 MB, after 2 rows: there are more/);
  });

  test("says that there are no rows", () => {
    expect(renderResult({ columns: [], rows: [] }, {})).toBe("The statement returned no rows");
    expect(renderResult({ columns: ["n"], rows: [] }, {})).toBe("n\n(0 rows)");
  });
});

describe("limited rows", () => {
  test("end at the first that does not fit, though a later one would", () => {
    const kept = new LimitedRows({ rows: 10, bytes: 20 });

    const taken = [kept.add(["12345"]), kept.add(["1234567890"]), kept.add(["1"])];

    expect(taken).toEqual([true, false, false]);
    expect(kept.result(["n"])).toEqual({ columns: ["n"], rows: [["12345"]], cut: "bytes" });
  });
});

describe("a refused statement", () => {
  test("has PostgreSQL's words, the place, detail and hint", () => {
    const error = new StatementError("select\n  '🙂', x", {
      message: "no x",
      code: "42703",
      position: 15,
      detail: "d",
      hint: "h",
    });

    expect(error.message.split("\n").slice(1)).toEqual([
      "no x (42703)",
      "LINE 2:   '🙂', x",
      "               ^",
      "detail: d",
      "hint: h",
    ]);
  });
});
