import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Synthesis } from "../../../../../scripts/deliver/terraform/synth";

describe("Synthesis", () => {
  let outdir: string;

  beforeEach(() => {
    outdir = mkdtempSync(join(tmpdir(), "millrace-synthesis-"));
    write("manifest.json", "dev");
    write("dev/etl/cdk.tf.json", "first");
    write("dev/network/cdk.tf.json", "first");
  });

  afterEach(() => rmSync(outdir, { recursive: true }));

  test("is valid while no other command changes its stacks", () => {
    const synthesis = new Synthesis(outdir, "dev");

    write("dev/etl/.terraform.lock.hcl", "of terraform init");
    write("prod/etl/cdk.tf.json", "of another environment");

    expect(synthesis.folder).toBe(join(outdir, "dev"));
    expect(synthesis.stands()).toBe(true);
  });

  test.each([
    ["another environment, which cdktf's manifest then names", "manifest.json"],
    ["another configuration", "dev/network/cdk.tf.json"],
    ["one more stack", "dev/state-backend/cdk.tf.json"],
  ])("does not stand after a synthesis of %s", (_, file) => {
    const synthesis = new Synthesis(outdir, "dev");

    write(file, "second");

    expect(synthesis.stands()).toBe(false);
  });

  function write(file: string, text: string): void {
    mkdirSync(join(outdir, file, ".."), { recursive: true });
    writeFileSync(join(outdir, file), text);
  }
});
