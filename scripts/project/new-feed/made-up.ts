/** The source of a feed without a file: every row of it is made up. */
export const MADE_UP = `id,day,note,amount
1,2026-01-05,,1.50
2,2026-01-06,made up,2.25
3,2026-01-07,,3.00
`;
export const MADE_UP_KEY = ["id"];
