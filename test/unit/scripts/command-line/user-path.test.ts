import { join } from "node:path";
import { inputFile, inputFolder, inputPlace, outputFolder, userPath } from "../../../../scripts/command-line/user-path";

describe("a path from the command line", () => {
  const before = { ...process.env };
  const here = process.cwd();
  const inNpm = (calledIn: string, project = here) => {
    process.env.INIT_CWD = calledIn;
    process.env.npm_package_json = join(project, "package.json");
  };

  afterEach(() => {
    for (const name of ["INIT_CWD", "npm_package_json"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  test("is one of the folder in which npm was called", () => {
    inNpm("/somewhere/else");

    expect(userPath("in/a.csv")).toBe("/somewhere/else/in/a.csv");
    expect(userPath("../a.csv")).toBe("/somewhere/a.csv");
    expect(userPath("/a.csv")).toBe("/a.csv");
  });

  test("stays as it is where that is this folder, or a script went elsewhere since", () => {
    inNpm(here);
    expect(userPath("a.csv")).toBe("a.csv");
    inNpm("/somewhere/else", __dirname);
    expect(userPath("a.csv")).toBe("a.csv");
  });

  test.each(["-", "s3://bucket/sales/", "https://example.com/a.csv"])("is none: %s", (given) => {
    inNpm("/somewhere/else");

    expect(userPath(given)).toBe(given);
  });

  test.each([
    ...["s3://bucket/x", "S3://bucket", "s3:/bucket/x", "https://me:sesame@here/x"].flatMap((given) =>
      [inputFile, inputFolder, outputFolder].map((takes) => [takes.name, given, takes] as const),
    ),
    ...["S3://bucket/x", "s3:/bucket/x", "s3://", "https://me:sesame@here/x"].map(
      (given) => ["inputPlace", given, inputPlace] as const,
    ),
  ])("%s takes no %s", (_name, given, takes) => {
    expect(() => takes(given)).toThrow(/^This is an address, not a path: got (?!.*sesame)/);
  });

  test("is a bucket's place where a command reads one", () => {
    expect(["s3://bucket", "s3://bucket/x/"].map(inputPlace)).toEqual(["s3://bucket", "s3://bucket/x/"]);
  });

  test.each([inputFolder, inputPlace, outputFolder])("is no standard input or output as a folder", (takes) => {
    expect(() => takes("-")).toThrow(/^expected a folder, not standard/);
  });
});
