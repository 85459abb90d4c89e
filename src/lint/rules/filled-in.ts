import { HANDBOOK_FILE } from '../../environments/pure.ts'
import { type FileViolation, type Rule, violation } from '../rule.ts'

/** What only an owner knows is filled in before a first deployment. Asked for with `check --strict`. */
export const filledIn: Rule = {
  id: 'filled-in',
  severity: 'error',
  summary:
    'With --strict: the address, an environment, its approvers, contacts, the place of private postmortems and a rota that says whom to call are the owner’s own',
  hint: 'Fill it in before the first deployment; docs/contributing/handbook-file.md describes the keys',
  checkHandbook(_pages, { handbook: { file }, filledIn: known }) {
    if (!known) return []
    const real = Object.entries(file.environments).filter(([, { lab }]) => !lab)
    const missing = [
      isExample(file.url) ? `url is still an example: ${file.url}` : undefined,
      real.length === 0 ? 'environments has none but the lab: no deployment of your own is named' : undefined,
      ...real.flatMap(([name, { target, approvers }]) => [
        ...Object.entries(target).flatMap(([fact, value]) =>
          typeof value === 'string' && isExample(value)
            ? `environments › ${name} › target › ${fact} is still an example`
            : [],
        ),
        Object.keys(approvers).length === 0 ? `environments › ${name} names nobody who approves a danger` : undefined,
      ]),
      file.postmortems === undefined
        ? 'postmortems › private is not said: where those of security incidents are kept, outside of this handbook'
        : undefined,
      ...Object.entries(file.owners).flatMap(([id, { contact }]) =>
        isExample(contact) ? `owners › ${id} › contact is still an example: ${contact}` : [],
      ),
      known.rotaUnknown === undefined ? undefined : `onCall: whom to call is unknown: ${known.rotaUnknown}`,
      known.rotaOld ? 'onCall: the rota is older than validFor' : undefined,
      ...known.nobody.map(team => `onCall: nobody is on call for ${team} now`),
      known.rotaUnknown === undefined && known.outside === 0
        ? 'onCall: the rota names nobody outside: who runs downstream, the provider, lawyers'
        : undefined,
    ].filter(message => message !== undefined)
    return missing.map(
      (message): FileViolation => ({ file: HANDBOOK_FILE, ...violation({ line: 1, column: 1 }, message) }),
    )
  },
}

/** Names that nobody can own. Source: RFC 2606. */
function isExample(address: string): boolean {
  return (
    /^(?:https?:\/\/|[^@\s]+@)[^/:]*(?:\.|^)(?:example|invalid|test)(?:[:/]|$)/.test(address) ||
    /\bexample\.(?:com|org|net)\b/.test(address)
  )
}
