/** A resource or data source as Terraform will read it. */
export interface Block {
  /** `aws_s3_bucket.state_states_bucket_…`, with `data.` before a data source's. */
  readonly address: string;
  readonly type: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}
