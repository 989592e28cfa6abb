/** One line chart: some columns of the data set, day by day. */
export interface LineChart {
  /** The visual's id; letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
}

export interface LineChartsProps {
  readonly title: string;
  readonly dataSetArn: string;
  /** The data set's name in the definition. */
  readonly dataSet: string;
  readonly dateColumn: string;
  readonly charts: readonly LineChart[];
}

/**
 * A sheet of line charts as the definition of an analysis or a dashboard (`definition` of aws_quicksight_analysis and
 * aws_quicksight_dashboard). It declares one data set: with several, the provider loses the order, and each plan shows
 * a change (hashicorp/terraform-provider-aws#36733).
 */
export function lineCharts({ title, dataSetArn, dataSet, dateColumn, charts }: LineChartsProps): object {
  const column = (name: string) => [{ data_set_identifier: dataSet, column_name: name }];
  const visual = ({ id, title: of, columns }: LineChart) => ({
    line_chart_visual: [
      {
        visual_id: id,
        title: [{ format_text: [{ plain_text: of }] }],
        chart_configuration: [
          {
            field_wells: [
              {
                line_chart_aggregated_field_wells: [
                  {
                    category: [
                      {
                        date_dimension_field: [
                          { field_id: `${id}-${dateColumn}`, date_granularity: "DAY", column: column(dateColumn) },
                        ],
                      },
                    ],
                    values: columns.map((name) => ({
                      numerical_measure_field: [
                        {
                          field_id: `${id}-${name}`,
                          column: column(name),
                          aggregation_function: [{ simple_numerical_aggregation: "SUM" }],
                        },
                      ],
                    })),
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
  return [
    {
      data_set_identifiers_declarations: [{ identifier: dataSet, data_set_arn: dataSetArn }],
      sheets: [{ sheet_id: "sheet", title, visuals: charts.map(visual) }],
    },
  ];
}
