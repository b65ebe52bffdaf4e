export const messageStrings = {}
