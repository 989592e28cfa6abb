import { LONGEST_NAME, parsePipelineName } from "../../../../../scripts/project/new-pipeline/pipeline-name";

const others = new Map([
  ["covid", ["fetch", "load"]],
  ["orders", ["send"]],
  ["sales-load", ["load"]],
]);

describe("the name of a pipeline", () => {
  it("has the forms that its files use", () => {
    expect(parsePipelineName("daily-sales-eu2", others)).toEqual({
      name: "daily-sales-eu2",
      camel: "dailySalesEu2",
      pascal: "DailySalesEu2",
      table: "daily_sales_eu2",
    });
  });

  it("fits into every name of AWS that it is a part of", () => {
    const longest = ["p".repeat(16), "e".repeat(12), "n".repeat(LONGEST_NAME), "overdue-schedule"].join("-");

    expect(longest).toHaveLength(64);
    expect(() => parsePipelineName("n".repeat(LONGEST_NAME), others)).not.toThrow();
    expect(() => parsePipelineName("n".repeat(LONGEST_NAME + 1), others)).toThrow("expected 2 to 17 characters");
  });

  it.each(["Sales", "daily_sales", "daily--sales", "2sales", "sales-", "sales-2", "../sales", ""])(
    "is not %j",
    (text) => {
      expect(() => parsePipelineName(text, others)).toThrow("expected lower-case words with hyphens between");
    },
  );

  it.each([
    ["covid", "There is such a pipeline"],
    ["database", "The name is taken by the stack"],
    ["revision", "The name is taken by the stack"],
    ["orders-send", "The pipeline orders and this one would have resources of one name"],
    ["covid-overdue", "The pipeline covid and this one would have resources of one name"],
    ["orders-files", "The pipeline orders and this one would have resources of one name"],
    ["sales", "The pipeline sales-load and this one would have resources of one name"],
  ])("is not %s", (text, message) => {
    expect(() => parsePipelineName(text, others)).toThrow(message);
  });

  it("may begin as another one does", () => {
    expect(parsePipelineName("orders-eu", others).name).toBe("orders-eu");
  });
});
