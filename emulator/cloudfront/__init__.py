"""moto's CloudFront, the parts that it lacks, and one edge location that opens signed links."""
