import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { neededOutputs, waitsFor } from "../../../../../../scripts/deliver/workflow/plans/upstream-outputs";
import { synthesize } from "../../../../../infra/support/synthesize";

const folder = mkdtempSync(join(tmpdir(), "millrace-upstream-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "cdk.tf.json"), synthesize().etl.text);

describe("what the etl stack reads of the network", () => {
  const needed = [...(neededOutputs(folder).get("network") ?? [])];

  test("is found in what was synthesized", () => {
    expect(needed.length).toBeGreaterThan(2);
    expect(needed.join()).toContain("aws_vpc");
  });

  test("makes it wait while the network is not deployed, or not as far", async () => {
    const all = Object.fromEntries(needed.map((name) => [name, "x"]));
    const { [needed[0] ?? ""]: first, ...others } = all;

    expect(first).toBe("x");
    expect(await waitsFor(folder, async () => ({}))).toEqual({ waits_for: "network", missing_outputs: [] });
    expect(await waitsFor(folder, async () => others)).toEqual({ waits_for: "network", missing_outputs: [needed[0]] });
    expect(await waitsFor(folder, async () => ({ other: "x" }))).toEqual({
      waits_for: "network",
      missing_outputs: needed,
    });
    expect(await waitsFor(folder, async () => all)).toBeUndefined();
  });

  test("is named sorted, so that a review's text stays the same", async () => {
    const other = join(folder, "other");
    const read = (name: string) =>
      `\${data.terraform_remote_state.cross-stack-reference-input-network.outputs.${name}}`;
    mkdirSync(other);
    writeFileSync(join(other, "cdk.tf.json"), JSON.stringify(["vpc", "group", "addresses"].map(read)));

    expect(await waitsFor(other, async () => ({ group: "x" }))).toEqual({
      waits_for: "network",
      missing_outputs: ["addresses", "vpc"],
    });
  });
});
