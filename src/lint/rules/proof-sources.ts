import { type Rule, violation } from '../rule.ts'

/** Whatever a proof may stand on can be read: what is missing is no empty text. */
export const proofSources: Rule = {
  id: 'proof-sources',
  severity: 'error',
  summary: 'The sources of whatever a proof stands on can be read',
  hint: 'Put the file back, or correct the import: until then no proof stands on it',
  checkHandbook: (_, { lab }) =>
    (lab?.problems ?? []).map(({ file, line, column, message }) => ({ file, ...violation({ line, column }, message) })),
}
