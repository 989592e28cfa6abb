import { renderIndex } from "../../../../../etl/report/index/render-index";

const now = new Date("2026-03-10T12:00:00Z");
const entry = (name: string, status: string) => ({
  state: { name, status, at: now, succeeded: null, summary: `<i>${name}` },
  pages: [{ name, href: `${name}/index.html` }],
});

test("lists each pipeline with its state, those that failed first", () => {
  const page = renderIndex([entry("b", "succeeded"), entry("a", "succeeded"), entry("z", "failed")], now);

  expect([...page.matchAll(/<a href="([^"]*)">/g)].map(([, href]) => href)).toEqual([
    "z/index.html",
    "a/index.html",
    "b/index.html",
  ]);
  expect(page).toContain('<span class="status failed">failed</span>');
  expect(page).toContain("1 of 3 failed last.");
  expect(page).not.toContain("<i>");
});

test("a status of no known form is text, and no class", () => {
  const page = renderIndex([entry("a", 'x" onclick="alert(1)')], now);
  expect(page).toContain('<span class="status ">x&quot; onclick=&quot;alert(1)</span>');
});
