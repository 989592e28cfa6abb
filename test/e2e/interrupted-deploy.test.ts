import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findCloudProgram } from "../../scripts/cloud/environment/programs";
import { ProgramError, runProgram } from "../../scripts/command-line/run-program";
import { terraformEnvironment } from "../../scripts/deliver/terraform/environment";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;
const cdktf = resolve(__dirname, "../../node_modules/.bin/cdktf");
const { path, missing } = findCloudProgram("terraform");
const terraformMissing = path === undefined ? `${missing.name} is missing: ${missing.remedy}` : undefined;

/** As cdktf synthesizes a stack: of Terraform's own provider, with something that takes its time. */
const stack = {
  "//": { metadata: { backend: "local", stackName: "slow", version: "0.21.0" }, outputs: {} },
  terraform: { backend: { local: { path: "slow.tfstate" } } },
  resource: {
    terraform_data: {
      first: { input: "1" },
      slow: { depends_on: ["terraform_data.first"], provisioner: [{ "local-exec": { command: "sleep 60" } }] },
    },
  },
};
const manifest = {
  version: "0.21.0",
  stacks: {
    slow: {
      ...{ name: "slow", constructPath: "slow", workingDirectory: "dev/slow", annotations: [], dependencies: [] },
      ...{ synthesizedStackPath: "dev/slow/cdk.tf.json", stackMetadataPath: "dev/slow/metadata.json" },
    },
  },
};

describeUnless(terraformMissing, "cdktf deploy that is interrupted", () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-interrupted-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test(
    "lets Terraform end what it has begun, keep it in the state and let go of its lock, and ends after it",
    async () => {
      // Prepare
      const app = join(folder, "app.js");
      const write = (name: string, content: object) =>
        `fs.writeFileSync(path.join(process.env.CDKTF_OUTDIR, ${JSON.stringify(name)}), ${JSON.stringify(JSON.stringify(content))});`;
      writeFileSync(
        app,
        `const fs = require("node:fs"), path = require("node:path");
         fs.mkdirSync(path.join(process.env.CDKTF_OUTDIR, "dev/slow"), { recursive: true });
         ${write("manifest.json", manifest)} ${write("dev/slow/cdk.tf.json", stack)}`,
      );
      const stop = new AbortController();
      const args = ["deploy", "slow", "--auto-approve", "--skip-provider-lock", "--output", join(folder, "out")];

      // Act
      const running = runProgram(cdktf, [...args, "--app", `node ${app}`], {
        cwd: resolve(__dirname, "../.."),
        env: await terraformEnvironment(),
        interrupt: stop.signal,
        onLine: (line) => line.includes("Executing") && stop.abort(),
      });

      // Assess
      const error: unknown = await running.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ProgramError);
      const { output } = error as ProgramError;
      expect(output.match(/Interrupt received/g)).toHaveLength(1);
      expect(output).not.toContain("Two interrupts received");
      const place = join(folder, "out/dev/slow");
      const { resources } = JSON.parse(readFileSync(join(place, "slow.tfstate"), "utf8"));
      expect(resources.map(({ name }: { readonly name: string }) => name)).toEqual(["first", "slow"]);
      const again = await runProgram("terraform", ["plan", "-lock-timeout=0s", "-no-color"], { cwd: place });
      expect(again.output).toContain("tainted");
    },
    2 * MINUTES,
  );
});
