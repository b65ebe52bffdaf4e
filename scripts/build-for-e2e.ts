/** Playwright's global setup: the tests start instances of the build themselves, so it has to be there and new. */
export { ensureWebBuild as default } from './web-build.ts'
