/** What every function and layer is made for. */
export const ARCHITECTURE = "arm64";
