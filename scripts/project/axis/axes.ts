/** A step that a team may take from today's packages, and what it is to change in the synthesized stacks. */
export interface Axis {
  readonly title: string;
  /** Name → version, in the place of the project's own. */
  readonly packages: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
  /** What may differ in the JSON; anything else is a failure. */
  readonly mayDiffer: "provider-version" | "metadata";
  /** Whether types and infra tests are run, too. */
  readonly tests: boolean;
}

/** docs/operations.md, Upgrades and Leaving cdktf, says how each is taken. */
export const AXES: readonly Axis[] = [
  {
    title: "AWS provider 6.25.0",
    packages: { "@cdktf/provider-aws": "21.22.1" },
    mayDiffer: "provider-version",
    tests: true,
  },
  {
    title: "cdktn 0.24.0",
    packages: { cdktf: "npm:cdktn@0.24.0" },
    // What the provider packages ask for is the fork, too.
    overrides: { cdktf: "$cdktf" },
    mayDiffer: "metadata",
    tests: false,
  },
];
