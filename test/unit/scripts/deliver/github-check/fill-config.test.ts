import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fillConfig, inTypeScript } from "../../../../../scripts/deliver/github-check/fill-config";

const ids = { ownerId: 583231, repositoryId: 1296269 };

describe("the ids in an environment's file", () => {
  test.each(["dev", "prod"])("are all that changes in config/%s.ts", (environment) => {
    const before = readFileSync(resolve(__dirname, `../../../../../config/${environment}.ts`), "utf8");

    const after = inTypeScript(before, ids);

    const line = "  github: { ownerId: 583231, repositoryId: 1296269 },\n";
    expect(after?.split(line)).toHaveLength(2);
    expect(after?.replace(line, "")).toBe(before);
  });

  test.each([
    ['{ repository: "o/r", ownerId: 1 }', '{ repository: "o/r", ownerId: 583231, repositoryId: 1296269 }'],
    ["{}", "{ ownerId: 583231, repositoryId: 1296269 }"],
    [
      '{\n    // of the team\n    repository: "o/r", // kept\n    branch: "trunk", /* too */\n  }',
      '{\n    // of the team\n    repository: "o/r", // kept\n    branch: "trunk", ownerId: 583231, repositoryId: 1296269, /* too */\n  }',
    ],
    ['{ "repositoryId": 2, ownerId: 1 /* old */ }', '{ "repositoryId": 1296269, ownerId: 583231 /* old */ }'],
  ])("join what github says already: %j", (github, expected) => {
    const file = (section: string) =>
      `export const dev: ConfigInput = { aws: { github: 1 }, github: ${section}, environment: "dev" }; // kept\n`;

    expect(inTypeScript(file(github), ids)).toBe(file(expected));
  });

  test("are not written where the file has another form, which stays as it was", () => {
    // Prepare
    const folder = mkdtempSync(join(tmpdir(), "millrace-fill-"));
    const file = join(folder, "dev.ts");
    const text = 'export const dev = { environment: "dev", github: shared };\n';
    writeFileSync(file, text);

    // Act & Assess
    expect(() => fillConfig(file, ids)).toThrow("Set them by hand: github: { ownerId: 583231, repositoryId: 1296269 }");
    expect(readFileSync(file, "utf8")).toBe(text);
    rmSync(folder, { recursive: true });
  });
});
