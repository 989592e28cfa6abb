import { isHidden } from "../../../../../etl/feeds/plan/hidden-objects";

describe("isHidden", () => {
  const below = (name: string, locate: (key: string) => string) => (key: string) => isHidden({ name, locate }, key);
  const bucket = (prefix: string) => below(`s3://raw/${prefix}`, (key) => `s3://raw/${key}`);

  test.each([
    "sales/.DS_Store",
    "sales/_SUCCESS",
    "sales/_metadata.json",
    "sales/_temporary/0/a.csv",
    "sales/a/.b/c.csv",
  ])("%s is no data", (key) => {
    expect(bucket("sales/")(key)).toBe(true);
    expect(bucket("sales")(key)).toBe(true);
    expect(bucket("")(key)).toBe(true);
    expect(below("/raw", (path) => `/raw/${path}`)(key)).toBe(true);
  });

  test("names in the prefix are not hidden, and a name may have any character after its first", () => {
    expect(bucket("_in/")("_in/a.csv")).toBe(false);
    expect(bucket("sales")("sales_2026.csv")).toBe(false);
    expect(bucket("sales/")("sales/a_b/c.d_e")).toBe(false);
    expect(below("/home/.feed", (path) => `/home/.feed/${path}`)("a.csv")).toBe(false);
  });
});
