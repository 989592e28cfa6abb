"""CloudFront as far as moto goes, what it lacks, and one place of its edge that opens signed links."""
