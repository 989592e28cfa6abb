import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { FakeProgram } from "../support/fakes/fake-program";
import { runProjectScript, startProjectScript } from "../support/processes/run-script";

const BACKEND = {
  bucket: "bootstrap-millrace-dev-state-0a1b2c3d",
  lockTable: "bootstrap-millrace-dev-state",
  kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
  region: "eu-central-1",
};

describe("npm run destroy", () => {
  let folder: string;
  const env = () => ({ ENVIRONMENT: "dev", MILLRACE_CONFIG: join(folder, "config.json") });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-destroy-"));
    const state = { backendFile: join(folder, "backend.{environment}.json") };
    writeFileSync(join(folder, "config.json"), JSON.stringify({ state }));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    ["destroy.ts", ["--rehearse"]],
    ["destroy.ts", ["--confirm", "destroy-dev"]],
    ["deliver/workflow/prepare-destroy.ts", ["--confirm", "destroy-dev"]],
    ["deliver/workflow/list-data.ts", []],
  ])("without a backend file %s %j says what to run, not that nothing is deployed", async (script, args) => {
    const { code, output } = await runProjectScript(script, args, env());

    expect(output).toMatch(
      /^error: dev has no state backend in this checkout.*no \S+backend\.dev\.json.*git pull.*npm run bootstrap/,
    );
    expect(code).toBe(2);
  });

  test.each([["SIGINT", 130] as const, ["SIGTERM", 143] as const])(
    "a rehearsal that %s stops says what is left, with a word of its own",
    async (signal, expected) => {
      writeFileSync(join(folder, "backend.dev.json"), JSON.stringify(BACKEND));
      const terraform = new FakeProgram("terraform", "exec sleep 600");
      const args = ["--rehearse", "--outdir", join(folder, "out")];
      const command = startProjectScript("destroy.ts", args, { ...env(), ...terraform.env });

      while (terraform.takeCalls().length === 0) {
        if ((await Promise.race([wait(50), command.end])) !== undefined) break;
      }
      command.kill(signal);
      const { code, stdout, stderr } = await command.end;
      terraform.remove();

      expect(stderr).toBe("Stopped: nothing was destroyed, and no export is left. The same command starts over\n");
      expect([code, stdout]).toEqual([expected, ""]);
      expect(readdirSync(folder).sort()).toEqual(["backend.dev.json", "config.json", "out"]);
    },
  );
});
