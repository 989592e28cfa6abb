import { refuseForeignState } from "../../../../../scripts/deliver/terraform/foreign-state";

const tagged = (Environment: string, Project = "millrace", mode = "managed") => ({
  ...{ mode, type: "aws_s3_bucket", name: "raw" },
  instances: [{ attributes: { tags_all: { Project, Environment, Stack: "etl" } } }],
});
const untagged = { mode: "managed", type: "random_id", name: "suffix", instances: [{ attributes: { hex: "0a" } }] };
const prod = { project: "millrace", environment: "prod" };

describe("a state", () => {
  test.each([
    { state: "of the environment's own resources", resources: [untagged, tagged("prod")] },
    { state: "that looks up what another environment made", resources: [tagged("dev", "millrace", "data")] },
    { state: "without resources", resources: [] },
  ])("is taken: $state", ({ resources }) => {
    expect(() => refuseForeignState({ version: 4, resources }, prod, "cdktf.out/prod/etl")).not.toThrow();
  });

  test("that is not there yet is taken", () => {
    expect(() => refuseForeignState(undefined, prod, "cdktf.out/prod/etl")).not.toThrow();
  });

  test.each([
    { of: "another environment", resources: [untagged, tagged("dev")], got: "millrace dev" },
    { of: "another project", resources: [tagged("prod"), tagged("prod", "feeds")], got: "feeds prod" },
  ])("is refused that holds resources of $of, by name", ({ resources, got }) => {
    const refuse = () => refuseForeignState({ version: 4, resources }, prod, "cdktf.out/prod/etl");

    expect(refuse).toThrow(`aws_s3_bucket.raw of ${got}`);
    expect(refuse).toThrow("docs/state.md");
  });
});
