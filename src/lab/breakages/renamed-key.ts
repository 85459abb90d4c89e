import { defectiveRelease } from '../kit/defective-release.ts'

/** The files that operators have are refused after the next deployment. */
export const renamedKey = defectiveRelease({
  name: 'renamed-key',
  title: 'A key has another name, and nobody was told',
  summary: 'A release knows api.drainPatience in the place of api.drainTimeout',
  programs: ['api', 'worker', 'bridgectl'],
  code: `
const { Module } = require('node:module')
const { _compile } = Module.prototype
Module.prototype._compile = function (source, ...rest) {
  return _compile.call(this, source.replaceAll('drainTimeout', 'drainPatience'), ...rest)
}
`,
})
