import { defectiveRelease } from '../kit/defective-release.ts'

/** A change of the configuration waits for the next restart, and nobody says so. */
export const deafToSighup = defectiveRelease({
  name: 'deaf-to-sighup',
  title: 'The API does not read its configuration again',
  summary: 'A release of the API ignores SIGHUP',
  code: `
const { on } = process
process.on = function (event, listener) {
  return on.call(this, event, event === 'SIGHUP' ? () => undefined : listener)
}
`,
})
