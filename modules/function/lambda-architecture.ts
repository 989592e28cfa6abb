/** The architecture of every function and layer. */
export const ARCHITECTURE = "arm64";
