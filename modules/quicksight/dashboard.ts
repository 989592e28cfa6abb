import { QuicksightAnalysis } from "@cdktf/provider-aws/lib/quicksight-analysis";
import { QuicksightDashboard } from "@cdktf/provider-aws/lib/quicksight-dashboard";
import { QuicksightDataSet } from "@cdktf/provider-aws/lib/quicksight-data-set";
import { QuicksightDataSource } from "@cdktf/provider-aws/lib/quicksight-data-source";
import { QuicksightRefreshSchedule } from "@cdktf/provider-aws/lib/quicksight-refresh-schedule";
import { Construct } from "constructs";
import type { Database } from "../database/database";
import { type LineChart, lineCharts } from "./line-charts";
import { DatabaseConnection } from "./vpc-connection";

export interface DatabaseDashboardProps {
  /** The id of everything in QuickSight, and its name there. */
  readonly name: string;
  readonly title: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly database: Database;
  /** The secret with the login that QuickSight reads with. */
  readonly secretArn: string;
  /** The query of each refresh; the first column is the date. */
  readonly query: string;
  readonly columns: Readonly<Record<string, "DATETIME" | "INTEGER">>;
  readonly charts: readonly LineChart[];
  /** QuickSight users or groups that see and may change it. */
  readonly ownerArns: readonly string[];
  /** Each day, `HH:MM`. */
  readonly refreshAt: string;
  readonly timeZone: string;
}

const DATA_SET = "figures";

/** A dashboard over one query, in QuickSight's own memory, refreshed each day. Its users cost: docs/costs.md. */
export class DatabaseDashboard extends Construct {
  readonly #props: DatabaseDashboardProps;

  constructor(scope: Construct, id: string, props: DatabaseDashboardProps) {
    super(scope, id);
    this.#props = props;
    const { name, title, columns, charts } = props;
    const [dateColumn = ""] = Object.keys(columns);
    const dataSet = this.#createDataSet(this.#createSource());
    const definition = lineCharts({ title, dataSetArn: dataSet.arn, dataSet: DATA_SET, dateColumn, charts });
    new QuicksightAnalysis(this, "analysis", {
      analysisId: name,
      name: title,
      definition,
      permissions: this.#owned("Analysis", [...CHANGE, "Query", "Restore"], ["DescribeAnalysisPermissions"]),
      // Deleted without a recovery window: otherwise its id stays taken for 30 days.
      recoveryWindowInDays: 0,
    });
    new QuicksightDashboard(this, "dashboard", {
      dashboardId: name,
      name: title,
      versionDescription: "By Terraform",
      definition,
      permissions: this.#owned(
        "Dashboard",
        [...CHANGE, "Query"],
        ["DescribeDashboardPermissions", "ListDashboardVersions", "UpdateDashboardPublishedVersion"],
      ),
    });
  }

  #createSource(): QuicksightDataSource {
    const { name, title, vpcId, subnetIds, database, secretArn } = this.#props;
    const connection = new DatabaseConnection(this, "connection", { name, vpcId, subnetIds, database });
    return new QuicksightDataSource(this, "source", {
      dataSourceId: name,
      name: title,
      type: "POSTGRESQL",
      parameters: { postgresql: { host: database.host, port: database.port, database: database.name } },
      credentials: { secretArn },
      sslProperties: { disableSsl: false },
      vpcConnectionProperties: { vpcConnectionArn: connection.arn },
      permission: this.#owned("DataSource", [...CHANGE, "Pass"], ["DescribeDataSourcePermissions"]),
    });
  }

  #createDataSet({ arn }: QuicksightDataSource): QuicksightDataSet {
    const { name, title, query, columns, refreshAt, timeZone } = this.#props;
    const dataSet = new QuicksightDataSet(this, "data-set", {
      dataSetId: name,
      name: title,
      importMode: "SPICE",
      physicalTableMap: [
        {
          physicalTableMapId: DATA_SET,
          customSql: {
            dataSourceArn: arn,
            name: DATA_SET,
            sqlQuery: query,
            columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
          },
        },
      ],
      permissions: this.#owned(
        "DataSet",
        [...CHANGE, "Pass"],
        [
          ...[
            "DescribeDataSetPermissions",
            "DescribeIngestion",
            "ListIngestions",
            "CreateIngestion",
            "CancelIngestion",
          ],
        ],
      ),
    });
    new QuicksightRefreshSchedule(this, "refresh", {
      dataSetId: dataSet.dataSetId,
      scheduleId: "daily",
      schedule: [
        {
          refreshType: "FULL_REFRESH",
          scheduleFrequency: [{ interval: "DAILY", timeOfTheDay: refreshAt, timezone: timeZone }],
        },
      ],
    });
    return dataSet;
  }

  /** What owners may do: the actions that QuickSight requires together for each type of resource. */
  #owned(noun: string, verbs: readonly string[], others: readonly string[]) {
    const actions = [...verbs.map((verb) => `${verb}${noun}`), `Update${noun}Permissions`, ...others];
    return this.#props.ownerArns.map((principal) => ({
      principal,
      actions: actions.map((action) => `quicksight:${action}`),
    }));
  }
}

const CHANGE = ["Describe", "Update", "Delete"];
