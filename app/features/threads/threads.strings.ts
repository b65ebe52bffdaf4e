export const threadStrings = {}
