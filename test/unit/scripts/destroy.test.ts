import { resourceName } from "../../../config/names";
import { runProjectScript } from "../../support/processes/run-script";

const dev = { project: "millrace", environment: "dev" } as const;

// Whoever is asked for a name finds it in the command's help.
test.each([
  ["destroy.ts", "destroy-dev"],
  ["bootstrap.ts", resourceName(dev, "state-backend")],
  ["deliver/workflow/prepare-destroy.ts", "destroy-dev"],
])("%s --help has the name that is to be typed", async (script, name) => {
  const { output } = await runProjectScript(script, ["--help"]);

  expect(output.replaceAll(/\s+/g, " ")).toContain(name);
});
