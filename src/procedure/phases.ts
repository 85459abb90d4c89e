import { distance, type Risk } from '../base/pure.ts'
import type { FrontMatter } from './front-matter.ts'
import type { PageKind, Phase, PhaseName } from './model.ts'

/** Every executable phase: its heading, its kind of page, and the default risk of its steps. */
export const PHASES: readonly { name: PhaseName; title: string; kind: PageKind; risk: Risk }[] = [
  { name: 'diagnose', title: 'Diagnose', kind: 'runbook', risk: 'read' },
  { name: 'mitigate', title: 'Mitigate', kind: 'runbook', risk: 'change' },
  { name: 'verify', title: 'Verify', kind: 'runbook', risk: 'read' },
  { name: 'roll-back', title: 'Roll back', kind: 'runbook', risk: 'change' },
  { name: 'checks', title: 'Checks', kind: 'assessment', risk: 'read' },
  { name: 'procedure', title: 'Procedure', kind: 'guide', risk: 'change' },
]

/** The titles of the phases that a run of the whole page takes, or offers to roll back, by the kind of page. */
export function listRunPhases(kind: PageKind): readonly string[] {
  const names: readonly PhaseName[] =
    kind === 'runbook'
      ? ['diagnose', 'mitigate', 'verify', 'roll-back']
      : kind === 'assessment'
        ? ['checks', 'roll-back']
        : PHASES.map(({ name }) => name)
  return PHASES.filter(({ name }) => names.includes(name)).map(({ title }) => title)
}

const LOOKALIKES: Readonly<Record<string, PhaseName>> = {
  diagnosis: 'diagnose',
  diagnostics: 'diagnose',
  diagnosing: 'diagnose',
  mitigation: 'mitigate',
  mitigations: 'mitigate',
  verification: 'verify',
  verifying: 'verify',
  rollback: 'roll-back',
  'rolling back': 'roll-back',
  checklist: 'checks',
  steps: 'procedure',
}

/** The phase that a level-2 heading opens, if it is one. */
export function findPhase(title: string): (typeof PHASES)[number] | undefined {
  return PHASES.find(phase => phase.title === title)
}

/** The phase that a heading nearly names: `Rollback`, `Diagnosis`, `MITIGATE`, `Verfiy`. */
export function findNearMiss(title: string): (typeof PHASES)[number] | undefined {
  if (findPhase(title)) return undefined
  const normal = title
    .toLowerCase()
    .replace(/[-_\s]+/g, ' ')
    .replace(/[^a-z ]/g, '')
    .trim()
  const lookalike = LOOKALIKES[normal]
  return PHASES.find(({ name, title }) => {
    const most = title.length > 6 ? 2 : 1
    const near = Math.abs(normal.length - title.length) <= most && distance(normal, title.toLowerCase()) <= most
    return name === lookalike || near
  })
}

/** The kind of a page. A guide may verify and roll back too, and answer alerts by its Procedure; a runbook has Diagnose or Mitigate. */
export function findKind(phases: readonly Phase[], { alerts, area }: FrontMatter): PageKind {
  const has = (name: PhaseName) => phases.some(phase => phase.name === name)
  const answersByProcedure = has('procedure') && !has('checks')
  if (has('diagnose') || has('mitigate') || (alerts.length > 0 && !answersByProcedure)) return 'runbook'
  if (area !== undefined || (has('checks') && !has('procedure'))) return 'assessment'
  return phases.length > 0 ? 'guide' : 'page'
}
