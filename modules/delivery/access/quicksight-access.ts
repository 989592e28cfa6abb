import type { Construct } from "constructs";
import { Account } from "../../account";
import { type Access, type AccessScope, actions, tagged } from "./access";

const SHOWN = ["DataSource", "DataSet", "Analysis", "Dashboard"] as const;

/** The resources of a QuickSight dashboard; only if `pages.quicksight` is enabled. */
export function quicksightAccess(scope: Construct, { prefix, tags }: AccessScope): Access {
  const account = Account.of(scope);
  const kinds = ["vpcConnection", "datasource", "dataset", "analysis", "dashboard"];
  const ours = [
    ...kinds.map((kind) => account.arn("quicksight", `${kind}/${prefix}-*`)),
    account.arn("quicksight", `dataset/${prefix}-*/refresh-schedule/*`),
  ];
  const all = (verb: string, nouns: readonly string[]) => nouns.map((noun) => verb + noun);
  const nouns = ["VPCConnection", ...SHOWN, "RefreshSchedule"];
  return {
    read: [
      {
        actions: actions(
          "quicksight",
          ...all("Describe", nouns),
          ...SHOWN.map((noun) => `Describe${noun}Permissions`),
          "DescribeDataSetRefreshProperties",
          "ListTagsForResource",
        ),
        resources: ours,
      },
    ],
    write: [
      // The reference names no resource for creating them.
      {
        actions: actions("quicksight", "CreateVPCConnection", "CreateDataSource"),
        resources: ["*"],
        conditions: tagged("RequestTag", tags),
      },
      {
        actions: actions(
          "quicksight",
          ...all("Create", ["DataSet", "Analysis", "Dashboard", "RefreshSchedule"]),
          ...all("Update", nouns),
          ...SHOWN.map((noun) => `Update${noun}Permissions`),
          "UpdateDashboardPublishedVersion",
          "PassDataSource",
          "PassDataSet",
          "TagResource",
          "UntagResource",
        ),
        resources: ours,
      },
    ],
    remove: [{ actions: actions("quicksight", ...all("Delete", nouns)), resources: ours }],
  };
}
