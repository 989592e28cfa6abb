import type { Cloud } from "../../../scripts/cloud/cloud";
import type { Deployment } from "../../../scripts/cloud/deployment";
import { callCloud } from "./call-cloud";
import { runOps } from "./cloud";
import { inHandsOf, sendHome } from "./roles/people";

const SOURCE = "millrace-dev-etl";
const RESTORED = `${SOURCE}-restored`;
const SNAPSHOT = "millrace-dev-before";

export interface DrillWorld {
  readonly cloud: Cloud;
  readonly deployment: Deployment;
}

/** A restore by somebody who has an operator's policy and nothing else; what it makes is taken down again. */
export function restoreDrill(world: () => DrillWorld): void {
  test("an operator restores the database beside the other, to a time and from a snapshot, and changes neither", async () => {
    // Prepare
    const { cloud, deployment } = world();
    await rds({ Action: "CreateDBSnapshot", DBInstanceIdentifier: SOURCE, DBSnapshotIdentifier: SNAPSHOT });
    const { env } = await inHandsOf(cloud, deployment, "operator");
    const operator = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? "", sessionToken: env.AWS_SESSION_TOKEN };
    const restore = (expected: number, ...args: readonly string[]) => runOps({ env }, ["restore", ...args], expected);
    const time = `${new Date().toISOString().slice(0, 19)}Z`;
    const remove = { Action: "DeleteDBInstance", SkipFinalSnapshot: "true", DBInstanceIdentifier: RESTORED };

    // Act
    const [planned, stranger] = await Promise.all([
      restore(0, "--to-time", time),
      restore(1, "--snapshot", "of-others", "--yes"),
    ]);
    const before = await rds({ Action: "DescribeDBInstances" });
    const byTime = await restore(0, "--to-time", time, "--yes");
    const refused = await rds(remove, operator);
    await rds(remove);
    const bySnapshot = await restore(0, "--snapshot", SNAPSHOT, "--yes");
    await rds(remove);
    await rds({ Action: "DeleteDBSnapshot", DBSnapshotIdentifier: SNAPSHOT });
    await sendHome(cloud, deployment, "operator");

    // Assess
    expect(planned.stdout).toContain(`${RESTORED} would be created, of ${SOURCE} at ${time.replace("Z", ".000Z")}`);
    expect(before).not.toContain(RESTORED);
    for (const { stdout } of [byTime, bySnapshot]) {
      expect(stdout).toMatch(
        new RegExp(`^${RESTORED} is available with the settings of ${SOURCE}, at .+\\nTo switch to it`),
      );
    }
    expect(stranger.output).toContain("The AWS credentials do not allow this");
    expect(refused).toMatch(/not authorized to perform: rds:DeleteDBInstance/);
  }, 120_000);

  async function rds(parameters: Readonly<Record<string, string>>, credentials?: { accessKeyId: string }) {
    const body = new URLSearchParams({ Version: "2014-10-31", ...parameters });
    const answer = await callCloud(world().cloud, { service: "rds", body, credentials });
    const text = await answer.text();
    if (!answer.ok && credentials === undefined) throw new Error(text);
    return text;
  }
}
