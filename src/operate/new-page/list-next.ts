import { countOf } from '../../base/index.ts'
import type { Draft } from './draft.ts'

/** What the author of a new page does next, in order. `path` is the page's in the handbook, `shown` the same from here. */
export function listNext(
  kind: 'runbook' | 'check' | 'guide' | 'incident',
  { path, shown, text }: { readonly path: string; readonly shown: string; readonly text: string },
  draft: Draft,
): string[] {
  const count = text.match(/\bTODO\b/g)?.length ?? 0
  return [
    `Replace the TODO in ${countOf(count, 'place')}, and the example steps: handbook check ${shown} lists what is left`,
    ...(kind === 'runbook' ? listForRunbook(path, draft) : []),
    ...(kind === 'incident' ? listForIncident(draft) : []),
    ...(kind === 'check' ? ['Name the fault that must make the check fail, behind its block: breaks=FAULT'] : []),
    `Try it: handbook run ${draft.name} --dry-run`,
  ]
}

function listForRunbook(path: string, { name, alert, owner, rule, file }: Draft): string[] {
  const url = `${file.url.replace(/\/$/, '')}/${path.replace(/\.md$/, '')}`
  const alerts = `alert ${alert} to ${file.rules.join(' or ') || 'a rule file that handbook.yaml names'}`
  return [
    ...(alert && !rule ? [`Add the ${alerts}, with ${file.runbookAnnotation}: ${url}`] : []),
    ...(rule && rule.annotations[file.runbookAnnotation] !== url
      ? [`Let the alert ${alert} lead here: ${file.runbookAnnotation}: ${url}`]
      : []),
    ...(owner ? [] : [`Name its owner: one of ${Object.keys(file.owners).join(', ') || 'those in handbook.yaml'}`]),
    `Name a fault under drills:, and prove the page: handbook drill ${name}`,
  ]
}

function listForIncident({ name, owner, file }: Draft): string[] {
  return [
    ...(owner ? [] : [`Name its owner: one of ${Object.keys(file.owners).join(', ') || 'those in handbook.yaml'}`]),
    `Prove the page: handbook drill ${name}`,
  ]
}
