/**
 * What a stack knows of the network of its functions and database. A created and an existing network have the same
 * interface, so that no other code depends on which it is. A member that only Terraform knows becomes an output of the
 * network stack when another stack uses it, so there are few.
 */
export interface Network {
  readonly vpcId: string;
  /** Private subnets in two or more zones. */
  readonly privateSubnetIds: readonly string[];
  /**
   * The target of HTTPS from the private subnets: the VPC's own range if an interface endpoint serves Secrets Manager,
   * anywhere if the way out is a NAT gateway or unknown.
   */
  readonly httpsCidr: string;
  /** The managed prefix list of S3's addresses, for which a gateway endpoint has the route. */
  readonly s3PrefixListId: string;
}

/** All IPv4 addresses. */
export const ANYWHERE = "0.0.0.0/0";
