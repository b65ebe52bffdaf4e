/** How credentials are looked up together: so many in one statement, and so many statements at a time. */
export const findingAtOnce = { most: 500, atOnce: 2 }
