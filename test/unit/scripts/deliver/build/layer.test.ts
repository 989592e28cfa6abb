import { join } from "node:path";
import { readLayerDependencies } from "../../../../../scripts/deliver/build/layer-packages";
import { LambdaRuntime } from "../../../../support/cloud/emulated/lambda-runtime";

/** Requires each of its arguments and says where it was found. */
const REQUIRE = "for (const name of process.argv.slice(1)) { require(name); console.log(require.resolve(name)); }";

describe("the layer", () => {
  let lambda: LambdaRuntime;

  beforeAll(async () => {
    lambda = await LambdaRuntime.prepare();
  });

  afterAll(() => lambda.remove());

  test("gives every package that it names, with all that these need", async () => {
    // Prepare
    const names = Object.keys(await readLayerDependencies(join(__dirname, "../../../../..")));
    const entries = names.map((name) => (name.endsWith("/parameters") ? `${name}/secrets` : name));

    // Act
    const { stdout } = await lambda.run(REQUIRE, entries, {});

    // Assess
    const found = stdout.trim().split("\n");
    const layer = join(lambda.folder, "opt/nodejs/node_modules");
    expect(found).toHaveLength(entries.length);
    expect(found.filter((path) => !path.startsWith(layer))).toEqual([]);
  });
});
