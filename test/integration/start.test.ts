import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const OURS = join(__dirname, "../..");

describe("scripts/start.cjs, in a checkout of its own", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "millrace-start-"));
    for (const part of ["config", "etl", "scripts/command-line", "node_modules"])
      mkdirSync(join(root, part), { recursive: true });
    for (const file of [
      "scripts/start.cjs",
      "scripts/command-line/bundle-commands.ts",
      "package.json",
      "tsconfig.json",
    ])
      cpSync(join(OURS, file), join(root, file));
    for (const name of readdirSync(join(OURS, "node_modules")).filter((each) => each !== ".cache"))
      symlinkSync(join(OURS, "node_modules", name), join(root, "node_modules", name));
    write(
      "scripts/etl.ts",
      'import { word } from "../etl/word";\nconsole.log(word, process.argv.slice(2));\nprocess.exitCode = 3;',
    );
    write("etl/word/index.ts", 'export const word: string = "red";');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test("compiles a command once, and gives it its arguments and its exit code", () => {
    expect(start("one", "--two")).toMatchObject({ status: 3, stdout: "red [ 'one', '--two' ]\n", stderr: "" });
    const [first, ...others] = compiled();
    expect(others).toEqual([]);

    expect(start()).toMatchObject({ status: 3, stdout: "red []\n", stderr: "" });
    expect(compiled()).toEqual([first]);
  });

  test("notices a change, though size and time of the file are as before", () => {
    start();
    const file = join(root, "etl/word/index.ts");
    const { atime, mtime } = statSync(file);
    write("etl/word/index.ts", 'export const word: string = "tan";');
    utimesSync(file, atime, mtime);

    expect(start().stdout).toBe("tan []\n");
    expect(compiled()).toHaveLength(2);
  });

  test("notices a new file that is found before another one", () => {
    start();
    write("etl/word.ts", 'export const word: string = "sky";');

    expect(start().stdout).toBe("sky []\n");
  });

  test("a source knows its own folder, also of a checkout that was moved: ledgers and messages name what lies there", () => {
    write("etl/word/index.ts", "export const word: string = __dirname;");

    for (const _time of ["first", "again"]) expect(start().stdout).toBe(`${join(root, "etl/word")} []\n`);
    const moved = `${root}-moved`;
    renameSync(root, moved);
    root = moved;
    expect(start().stdout).toBe(`${join(moved, "etl/word")} []\n`);
  });

  test("runs the app, and notices a change of a stack or a module", () => {
    write("modules/size.ts", "export const size = 1;");
    write("stacks/app.ts", 'import { size } from "../modules/size";\nexport const app = "size " + size;');
    write("main.ts", 'import { app } from "./stacks/app";\nconsole.log(app);');

    const outputs = [startApp()];
    write("modules/size.ts", "export const size = 2;");
    outputs.push(startApp());
    write("stacks/app.ts", 'export const app = "no size";');
    outputs.push(startApp());
    write("main.ts", 'console.log("nothing");');
    outputs.push(startApp());

    expect(outputs).toEqual(["size 1\n", "size 2\n", "no size\n", "nothing\n"]);
    expect(compiled()).toHaveLength(4);
  });

  test("an error names the line of the source", () => {
    write(
      "etl/word/index.ts",
      'interface Nothing {}\nexport const word: Nothing = raise();\n\nfunction raise(): string {\n  throw new Error("no word");\n}',
    );

    for (const _time of ["first", "again"]) {
      const { status, stderr } = start();
      expect(status).toBe(1);
      expect(stderr).toContain("Error: no word");
      expect(stderr).toMatch(/etl\/word\/index\.ts:5:9/);
    }
    expect(compiled()).toHaveLength(1);
  });

  test("source that cannot be compiled is reported as tsx does, each time", () => {
    write("etl/word/index.ts", "export const word: string = ;");

    for (const _time of ["first", "again"])
      expect(start()).toMatchObject({ status: 1, stderr: expect.stringMatching(/word\/index\.ts:1:28/) });
    expect(compiled()).toEqual([]);
  });

  test("what lies beyond the folders that it watches is not kept", () => {
    write("other.ts", 'export const word = "far";');
    write("etl/word/index.ts", 'export { word } from "../../other";');

    expect(start().stdout).toBe("far []\n");
    write("other.ts", 'export const word = "off";');
    expect(start().stdout).toBe("off []\n");
    expect(compiled()).toEqual([]);
  });

  function write(file: string, text: string): void {
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), text);
  }

  const run = (name: string, options: readonly string[] = []) =>
    spawnSync(process.execPath, ["scripts/start.cjs", name, ...options], { cwd: root, encoding: "utf8" });
  const start = (...options: readonly string[]) => run("etl", options);
  const startApp = () => run("../main").stdout;

  const compiled = () => readdirSync(join(root, "node_modules/.cache/millrace"));
});
