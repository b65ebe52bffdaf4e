/** What needs Node: a position kept in a file. */
export { fileStore, type FileStore } from './stores/file-store.ts'
