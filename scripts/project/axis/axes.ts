/** A possible upgrade from today's packages, and the changes that it may make in the synthesised stacks. */
export interface Axis {
  readonly title: string;
  /** Name → version, replacing the project's own. */
  readonly packages: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
  /** The allowed differences in the JSON; any other is a failure. */
  readonly mayDiffer: "provider-version" | "metadata";
  /** Whether types and infra tests are run, too. */
  readonly tests: boolean;
}

/** docs/upkeep.md, Upgrades and Leaving cdktf, describes each step. */
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
    // The provider packages' dependency is replaced by the fork, too.
    overrides: { cdktf: "$cdktf" },
    mayDiffer: "metadata",
    tests: false,
  },
];
