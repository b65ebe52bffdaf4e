export const presenceStrings = {}
