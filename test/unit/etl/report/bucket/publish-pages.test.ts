import { INDEX_KEY, pageKey, publishIndex, publishPages } from "../../../../../etl/report/bucket/publish-pages";
import { renderEvent, stateAfter } from "../../../../../etl/report/bucket/render-event";
import { MemoryObjects } from "../../../../support/fakes/memory-objects";

const now = new Date("2026-11-29T06:00:00Z");
const yesterday = new Date("2026-11-28T06:00:00Z");
const succeeded = (name: string) => ({ name, status: "succeeded", at: now, succeeded: now, summary: `all of ${name}` });

let objects: MemoryObjects;

beforeEach(() => {
  objects = new MemoryObjects();
});

const linksOf = (key: string) => [...(objects.text(key) ?? "").matchAll(/<a href="([^"]*)">/g)].map(([, href]) => href);

test("a page lies below its pipeline's name, and each one that is written is a version", async () => {
  // Act
  const written = [];
  for (const html of ["first", "second"]) {
    written.push(await publishPages(objects, { state: succeeded("covid"), pages: [{ name: "covid", html }] }, now));
  }

  // Assess
  expect(written).toEqual([["pages/covid/index.html"], ["pages/covid/index.html"]]);
  expect(objects.text("pages/covid/index.html")).toBe("second");
  const kept = objects.versions.get("pages/covid/index.html");
  expect(kept?.map(({ contentType }) => contentType)).toEqual(Array(2).fill("text/html; charset=utf-8"));
});

test("a pipeline of several tables has a list of them in the place of its page", async () => {
  // Act
  const pages = ["import-sales", "import-Shop Sales"].map((name) => ({ name, html: `of ${name}` }));
  const written = await publishPages(objects, { state: succeeded("import"), pages }, now);
  await publishIndex(objects, ["import"], now);

  // Assess
  expect(written).toHaveLength(2);
  expect(linksOf(pageKey("import"))).toEqual(written.map((key) => key.replace("pages/", "../")));
  expect(linksOf(INDEX_KEY)).toEqual(written.map((key) => key.replace("pages/", "")));
  for (const key of written) expect(objects.text(key)).toMatch(/^of import-/);
});

test("the index lists every pipeline with its state: without a page, for one without an entry, or with a spoilt one", async () => {
  // Prepare
  const failed = { ...succeeded("sales"), status: "failed" };
  await publishPages(objects, { state: succeeded("covid"), pages: [{ name: "covid", html: "" }] }, now);
  await publishPages(objects, { state: failed, pages: [{ name: "sales", html: "" }] }, now);
  await publishPages(objects, { state: succeeded("gone"), pages: [{ name: "gone", html: "" }] }, now);
  await objects.put("pages/orders/entry.json", "{");

  // Act
  await publishIndex(objects, ["covid", "orders", "metadata", "sales"], now);

  // Assess
  const index = objects.text(INDEX_KEY) ?? "";
  expect(linksOf(INDEX_KEY)).toEqual(["sales/index.html", "covid/index.html"]);
  expect(index).toContain("1 of 4 failed last.");
  expect(index).toMatch(/metadata[\s\S]*waiting[\s\S]*no page yet[\s\S]*orders[\s\S]*waiting/);
  expect(index).not.toContain("gone");
});

test("a run that failed before it reached the database is shown, and the last known success stays", () => {
  const known = [{ ...succeeded("covid"), at: yesterday, succeeded: yesterday }];

  expect(stateAfter("covid", known, { now })).toEqual(known[0]);
  expect(stateAfter("covid", known, { now, failedStep: "fetch" })).toEqual({
    ...{ name: "covid", status: "failed", at: now, succeeded: yesterday },
    summary: "the run failed at step fetch",
  });
  expect(stateAfter("sales", known, { now })).toMatchObject({ status: "waiting", at: null, summary: "no run yet" });
});

test("the clock names no pipeline", () => {
  expect(renderEvent.parse({})).toEqual({});
  expect(renderEvent.safeParse({ pipeline: "" }).success).toBe(false);
});
