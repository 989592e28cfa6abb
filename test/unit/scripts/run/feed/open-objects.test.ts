import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openObjects } from "../../../../../scripts/run/feed/open-objects";

describe("--from", () => {
  test.each([
    [
      "s3://",
      /This is an address, not a path: got s3:.*expected a folder, or s3:\/\/bucket\/prefix\. Write it as --from s3:\/\/bucket\/prefix/,
    ],
    ["s3:bucket/prefix", /This is an address, not a path.*Write it as --from s3:\/\/bucket\/prefix/],
    [
      "https://me:sesame@here/a.csv",
      /This is an address, not a path: (?!.*sesame).*Write it as --from s3:\/\/bucket\/prefix/,
    ],
    [__filename, /--from is a file: .*Name the folder that it is in/],
  ])("%s is wrong usage", async (from, message) => {
    await expect(openObjects({ from })).rejects.toMatchObject({
      name: "UsageError",
      message: expect.stringMatching(message),
    });
  });

  test("is a folder", async () => expect((await openObjects({ from: __dirname })).name).toBe(__dirname));
});

describe("files", () => {
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "millrace-files-")));
    for (const name of ["a", "a/b", "c"]) mkdirSync(join(folder, name));
    for (const name of ["a/1.csv", "a/2.csv", "a/b/3.csv", "c/4.csv", "_5.csv"])
      writeFileSync(join(folder, name), name);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const listed = async (...names: string[]) => {
    const objects = await openObjects({ files: names.map((name) => join(folder, name)) });
    const found: string[] = [];
    for await (const page of objects.list()) found.push(...page.map(({ key }) => objects.locate(key)));
    return { name: objects.name, found: found.map((path) => path.slice(folder.length + 1)) };
  };

  test.each([
    [["a/1.csv"], "a", ["a/1.csv"]],
    [["a/b/3.csv", "a/1.csv", "a/b/../1.csv"], "a", ["a/1.csv", "a/b/3.csv"]],
    [["c/4.csv", "a/2.csv"], "", ["a/2.csv", "c/4.csv"]],
  ])("%j are listed, each once, and nothing else", async (names, below, found) => {
    expect(await listed(...names)).toEqual({ name: join(folder, below), found });
  });

  test("have the names in the ledger that their folder gives them", async () => {
    const objects = await openObjects({ from: folder });

    expect((await listed("a/b/3.csv")).found).toEqual(["a/b/3.csv"]);
    expect(objects.locate("a/b/3.csv")).toBe(join(folder, "a/b/3.csv"));
  });

  test.each([
    ["a/9.csv", /The file cannot be read: got .*ENOENT/],
    ["a", /The file cannot be read: got not a file, but a folder or something else/],
    ["_5.csv", /begin with \. or _ are not data/],
  ])("%s is refused", async (name, message) => {
    await expect(listed(name)).rejects.toThrow(message);
  });

  test("are no addresses", async () => {
    await expect(openObjects({ files: ["s3://bucket/a.csv"] })).rejects.toThrow(/This is an address.*--from s3:/);
  });
});
