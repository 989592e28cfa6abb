import type { Overrides } from "../../../config/overrides";

/** What an AWS service takes and refuses, with the page that says so, as values of one key. */
export interface AwsRule {
  readonly rule: string;
  readonly source: string;
  readonly key: string;
  readonly accepted: readonly unknown[];
  readonly refused: readonly unknown[];
  /** Besides the key. */
  readonly under?: Overrides;
}
