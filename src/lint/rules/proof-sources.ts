import { type Rule, violation } from '../rule.ts'

/** Whatever a proof may stand on can be read: what is missing is no empty text. */
export const proofSources: Rule = {
  id: 'proof-sources',
  severity: 'error',
  summary: 'The sources that a proof depends on can be read',
  hint: 'Restore the file, or correct the import: until then no proof can depend on it',
  checkHandbook: (_, { lab }) =>
    (lab?.problems ?? []).map(({ file, line, column, message }) => ({ file, ...violation({ line, column }, message) })),
}
