import { type CallTable, calls, on, passRole } from "./resource-calls";

const arn = (rest: string) => `arn:aws:quicksight:eu-central-1:111122223333:${rest}`;
const dataSource = arn("datasource/{data_source_id}");
const dataSet = arn("dataset/{data_set_id}");
const schedule = `${dataSet}/refresh-schedule/{schedule_id}`;
/** What is shown to people, and needs the data set that it shows. */
const shown = (source: string, noun: string, its: string) => ({
  source,
  arn: its,
  make: [
    ...calls("quicksight", `Create${noun}`, "TagResource"),
    ...on(arn("dataset/millrace-prod-covid-quicksight"), "quicksight", "PassDataSet"),
  ],
  read: calls("quicksight", `Describe${noun}`, `Describe${noun}Permissions`, "ListTagsForResource"),
  update: [
    ...calls("quicksight", `Update${noun}`, `Update${noun}Permissions`, "TagResource", "UntagResource"),
    ...(noun === "Dashboard" ? calls("quicksight", "UpdateDashboardPublishedVersion") : []),
  ],
  remove: calls("quicksight", `Delete${noun}`),
});

export const quicksight: CallTable = {
  aws_quicksight_vpc_connection: {
    source: "quicksight/vpc_connection.go",
    arn: arn("vpcConnection/{vpc_connection_id}"),
    make: [
      ...on("*", "quicksight", "CreateVPCConnection"),
      "quicksight:TagResource",
      passRole("{role_arn}", "quicksight"),
    ],
    read: calls("quicksight", "DescribeVPCConnection", "ListTagsForResource"),
    update: [
      ...calls("quicksight", "UpdateVPCConnection", "TagResource", "UntagResource"),
      passRole("{role_arn}", "quicksight"),
    ],
    remove: calls("quicksight", "DeleteVPCConnection"),
  },
  aws_quicksight_data_source: {
    source: "quicksight/data_source.go",
    arn: dataSource,
    make: [...on("*", "quicksight", "CreateDataSource"), "quicksight:TagResource"],
    read: calls("quicksight", "DescribeDataSource", "DescribeDataSourcePermissions", "ListTagsForResource"),
    update: calls("quicksight", "UpdateDataSource", "UpdateDataSourcePermissions", "TagResource", "UntagResource"),
    remove: calls("quicksight", "DeleteDataSource"),
  },
  aws_quicksight_data_set: {
    source: "quicksight/data_set.go",
    arn: dataSet,
    make: [
      ...calls("quicksight", "CreateDataSet", "TagResource"),
      ...on(arn("datasource/millrace-prod-covid-quicksight"), "quicksight", "CreateDataSet", "PassDataSource"),
    ],
    read: calls(
      ...(["quicksight", "DescribeDataSet", "DescribeDataSetPermissions", "DescribeDataSetRefreshProperties"] as const),
      "ListTagsForResource",
    ),
    update: calls("quicksight", "UpdateDataSet", "UpdateDataSetPermissions", "TagResource", "UntagResource"),
    remove: calls("quicksight", "DeleteDataSet"),
  },
  aws_quicksight_refresh_schedule: {
    source: "quicksight/refresh_schedule.go",
    arn: schedule,
    make: calls("quicksight", "CreateRefreshSchedule"),
    read: calls("quicksight", "DescribeRefreshSchedule"),
    update: calls("quicksight", "UpdateRefreshSchedule"),
    remove: calls("quicksight", "DeleteRefreshSchedule"),
  },
  aws_quicksight_analysis: shown("quicksight/analysis.go", "Analysis", arn("analysis/{analysis_id}")),
  aws_quicksight_dashboard: shown("quicksight/dashboard.go", "Dashboard", arn("dashboard/{dashboard_id}")),
};
