/** What the pre-flight asks of this machine and checkout. */
export interface Machine {
  /** Of Node, for example `22.11.0`. */
  readonly node: string;
  /** Of the Terraform on the PATH. @throws where there is none */
  terraform(): Promise<string>;
  /** Whether Terraform finds its providers: undefined where all is well, else what is wrong. */
  providers(): Promise<{ readonly from: string; readonly wrong?: string }>;
  /** What git says of a file of this checkout. */
  committed(file: string): Promise<"yes" | "no" | "changed" | "outside">;
  hasFile(file: string): boolean;
  /** The region that the shell names; undefined where it names none. */
  readonly region: string | undefined;
}
