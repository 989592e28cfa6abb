import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { runCommand } from "../../command-line/run-command";
import { buildArtifacts } from "../build/artifacts";
import { terraformEnvironment } from "../terraform/environment";
import { synthesize } from "../terraform/synth";
import { Terraform } from "../terraform/terraform";
import { DEPLOYED_STACKS } from "./plans/deployed-stacks";

const root = resolve(__dirname, "../../..");

const command = new Command("npx tsx scripts/deliver/workflow/validate-stacks.ts")
  .description("Synthesises every stack of the named environments, and validates it with Terraform. Needs no account.")
  .argument("<environments...>", "for example dev prod")
  .option("--outdir <dir>", "where stacks are synthesised", join(root, "cdktf.out", "validated"))
  .action(async (environments: readonly string[], { outdir }: { outdir: string }) => {
    // Terraform hashes the artifacts, which it expects beside the synthesised folder.
    const artifacts = resolve(outdir, "../dist");
    await buildArtifacts(root, artifacts);
    mkdirSync(outdir, { recursive: true });
    for (const environment of environments) {
      const env = await terraformEnvironment({ ENVIRONMENT: environment });
      const { folder } = await synthesize(env, resolve(outdir));
      for (const stack of ["state-backend", ...DEPLOYED_STACKS]) {
        const terraform = new Terraform(join(folder, stack), { env });
        await terraform.run(["init", "-backend=false"]);
        await terraform.run(["validate"]);
        console.log(`${environment}: ${stack} is valid`);
      }
    }
  });

runCommand(command);
