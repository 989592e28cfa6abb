/**
 * What a stack may know of the network that its functions and database live in. A created and an existing network
 * give the same, so that nothing else asks which it is. Every member that is only known to Terraform becomes an
 * output of the network stack when another stack uses it: few, therefore.
 */
export interface Network {
  readonly vpcId: string;
  /** Private subnets in two or more zones. */
  readonly privateSubnetIds: readonly string[];
  /**
   * Where HTTPS from the private subnets goes: the VPC's own range when an interface endpoint answers for Secrets
   * Manager, anywhere when the way out is a NAT gateway or unknown to us.
   */
  readonly httpsCidr: string;
  /** The managed prefix list of S3's addresses, which a gateway endpoint routes. */
  readonly s3PrefixListId: string;
}

/** IPv4, everywhere. */
export const ANYWHERE = "0.0.0.0/0";
