/** The pre-flight's queries of this machine and checkout. */
export interface Machine {
  /** Version of Node, for example `22.11.0`. */
  readonly node: string;
  /** Version of the Terraform on the PATH. @throws if there is none */
  terraform(): Promise<string>;
  /** Whether Terraform finds its providers: undefined if it does, or else the error. */
  providers(): Promise<{ readonly from: string; readonly wrong?: string }>;
  /** Git's status of a file of this checkout. */
  committed(file: string): Promise<"yes" | "no" | "changed" | "outside">;
  hasFile(file: string): boolean;
  /** The region set in the shell; undefined if there is none. */
  readonly region: string | undefined;
}
