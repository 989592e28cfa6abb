import { ProgramError, runProgram } from "../../../../scripts/command-line/run-program";

const node = (code: string) => ["-e", code];

describe("runProgram", () => {
  test("gives both streams, and tells each line as it comes", async () => {
    // Prepare
    const lines: string[] = [];

    // Act
    const result = await runProgram(process.execPath, node('console.log("out"); console.error("err")'), {
      onLine: (line) => lines.push(line),
    });

    // Assess
    expect(result).toMatchObject({ code: 0, stdout: "out" });
    expect(lines.sort()).toEqual(["err", "out"]);
  });

  test("a code that is not accepted is an error that ends with what the program said", async () => {
    // Act
    const failing = runProgram(process.execPath, node('console.error("no space left"); process.exit(3)'));

    // Assess
    await expect(failing).rejects.toThrow(ProgramError);
    await expect(failing).rejects.toMatchObject({ code: 3, message: expect.stringContaining("no space left") });
  });

  test("a code that is accepted is a result", async () => {
    // Act
    const { code } = await runProgram(process.execPath, node("process.exit(2)"), { accept: [0, 2] });

    // Assess
    expect(code).toBe(2);
  });

  test("a program that is not there is named", async () => {
    // Act
    const missing = runProgram("no-such-program", []);

    // Assess
    await expect(missing).rejects.toThrow(/no-such-program cannot be run/);
  });

  test("a signal kills the program and what it started", async () => {
    // Prepare: a child of the child, which would run for ever and hold the stream that is read to its end.
    const stop = new AbortController();
    const grandchild = "console.log('up'); setInterval(() => {}, 1000)";
    const code = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" })`;

    // Act
    const running = runProgram(process.execPath, node(code), {
      signal: stop.signal,
      onLine: () => stop.abort(),
    });

    // Assess
    await expect(running).rejects.toThrow("SIGKILL");
  });
});
