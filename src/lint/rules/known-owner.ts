import { knowsFrontMatter } from '../page.ts'
import { describeUnknown, oneOf, type Rule, violation } from '../rule.ts'

/** An owner keeps the page correct. */
export const knownOwner: Rule = {
  id: 'known-owner',
  severity: 'error',
  summary: 'A runbook has an owner, and handbook.yaml knows the owner of every page',
  hint: 'Add owner: with one of the owners in handbook.yaml',
  checkPage(page, { file }) {
    const { kind, owner } = page.procedure
    if (!knowsFrontMatter(page.procedure)) return []
    const owners = Object.keys(file.owners)
    const place = page.placeOf('owner')
    const hint =
      owners.length === 0
        ? { hint: 'Name the owners in handbook.yaml first: owners: { ops: { name: …, contact: … } }' }
        : {}
    if (owner === undefined) {
      if (kind !== 'runbook') return []
      const expected = `owner: ${owners.length === 0 ? 'ID' : oneOf(owners)}`
      return [violation(place, 'Nobody owns this runbook', { expected, ...hint })]
    }
    if (owners.includes(owner)) return []
    return [violation(place, `handbook.yaml knows no owner ${owner}`, { ...describeUnknown(owner, owners), ...hint })]
  },
}
