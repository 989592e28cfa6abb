import { runProjectScript } from "../../support/processes/run-script";

describe("npm run deploy", () => {
  test("asks nothing without a terminal: it ends before it builds anything", async () => {
    const refused = await runProjectScript("deploy.ts", ["network"]);

    expect(refused).toMatchObject({ code: 2, output: expect.stringContaining("--plan-only") });
    expect(refused.output).not.toContain("building");
  });

  test("knows its stacks", async () => {
    const refused = await runProjectScript("deploy.ts", ["state-backend", "--yes"]);

    expect(refused).toMatchObject({ code: 2, output: expect.stringContaining("network, etl") });
  });
});
