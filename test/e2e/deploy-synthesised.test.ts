import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCloudProgram } from "../../scripts/cloud/environment/programs";
import { ProgramError } from "../../scripts/command-line/run-program";
import { runCdktf } from "../../scripts/deliver/terraform/cdktf";
import { terraformEnvironment } from "../../scripts/deliver/terraform/environment";
import { Synthesis } from "../../scripts/deliver/terraform/synth";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;
const { path, missing } = findCloudProgram("terraform");
const terraformMissing = path === undefined ? `${missing.name} is missing: ${missing.remedy}` : undefined;

/** As cdktf synthesizes a stack: of Terraform's own provider. The app knows none of this name. */
const stack = {
  "//": { metadata: { backend: "local", stackName: "planned", version: "0.21.0" }, outputs: {} },
  terraform: { backend: { local: { path: "planned.tfstate" } } },
  resource: { terraform_data: { only: { input: "1" } } },
};
const place = { workingDirectory: "dev/planned", synthesizedStackPath: "dev/planned/cdk.tf.json" };
const manifest = {
  version: "0.21.0",
  stacks: {
    planned: {
      ...{ name: "planned", constructPath: "planned", annotations: [], dependencies: [] },
      ...{ ...place, stackMetadataPath: "dev/planned/metadata.json" },
    },
  },
};

describeUnless(terraformMissing, "cdktf deploy of what was planned", () => {
  let outdir: string;
  let state: string;
  let synthesis: Synthesis;

  beforeEach(() => {
    outdir = mkdtempSync(join(tmpdir(), "millrace-synthesised-"));
    state = join(outdir, place.workingDirectory, "planned.tfstate");
    mkdirSync(join(outdir, place.workingDirectory), { recursive: true });
    writeFileSync(join(outdir, "manifest.json"), JSON.stringify(manifest));
    writeFileSync(join(outdir, place.synthesizedStackPath), JSON.stringify(stack));
    synthesis = new Synthesis(outdir, "dev");
  });

  afterEach(() => rmSync(outdir, { recursive: true }));

  test(
    "deploys it as it was synthesised",
    async () => {
      await deploy();

      const { resources } = JSON.parse(readFileSync(state, "utf8"));
      expect(resources).toEqual([expect.objectContaining({ type: "terraform_data", name: "only" })]);
    },
    2 * MINUTES,
  );

  test(
    "synthesises again where another command has done so meanwhile, and does not deploy what that left",
    async () => {
      const [made] = Object.values(manifest.stacks);
      writeFileSync(
        join(outdir, "manifest.json"),
        JSON.stringify({ ...manifest, stacks: { planned: made, other: made } }),
      );

      const refused: unknown = await deploy().catch((reason: unknown) => reason);

      expect(refused).toBeInstanceOf(ProgramError);
      expect((refused as ProgramError).output).toMatch(/planned/);
      expect(existsSync(state)).toBe(false);
      expect(Object.keys(JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")).stacks).sort()).toEqual([
        "etl",
        "network",
        "state-backend",
      ]);
    },
    2 * MINUTES,
  );

  async function deploy(): Promise<void> {
    await runCdktf("deploy", ["planned"], { env: await terraformEnvironment(), outdir }, synthesis);
  }
});
