/**
 * How credentials are looked up together: so many in one statement, and so many statements at a time. Milliseconds of
 * patience: with what a connection may be waited for after that, whoever calls has an answer within two seconds.
 */
export const findingAtOnce = { most: 500, atOnce: 2, apart: 5, patience: 300 }
