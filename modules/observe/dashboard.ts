import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import { Account } from "../account";

/** One line of a graph. */
export interface DashboardMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Maximum" | "Minimum" | "Average";
  readonly label: string;
}

export interface Graph {
  readonly title: string;
  readonly metrics: readonly DashboardMetric[];
}

export interface DashboardProps {
  readonly name: string;
  /** Two per row, from the top. */
  readonly graphs: readonly Graph[];
}

const WIDTH = 12;
const HEIGHT = 6;

/** Graphs on one page of the CloudWatch console. Costs 3 USD a month beyond the account's first three. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { name, graphs }: DashboardProps) {
    super(scope, id);
    const { region } = Account.of(this);
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: name,
      dashboardBody: JSON.stringify({
        widgets: graphs.map(({ title, metrics }, index) => ({
          type: "metric",
          x: (index % 2) * WIDTH,
          y: Math.floor(index / 2) * HEIGHT,
          width: WIDTH,
          height: HEIGHT,
          properties: {
            title,
            region,
            period: 300,
            metrics: metrics.map(({ namespace, metric, dimensions, statistic, label }) => [
              namespace,
              metric,
              ...Object.entries(dimensions).flat(),
              { stat: statistic, label },
            ]),
          },
        })),
      }),
    });
  }
}
