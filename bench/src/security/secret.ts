/** What all nodes of the benchmark share. */
export const SECRET = "a secret of the benchmark, shared by all its nodes";
