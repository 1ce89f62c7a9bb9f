/** Rows that a list counts at the most: a total beyond it helps nobody and costs a scan. */
export const TOTAL_LIMIT = 10_000;
