/** What every function and layer is made for; provider 5.100 knows no newer Node. */
export const RUNTIME = "nodejs22.x";
export const ARCHITECTURE = "arm64";
