import { join } from "node:path";
import { userPath } from "../../../../scripts/command-line/user-path";

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
});
