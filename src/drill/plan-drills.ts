import { relative, resolve, sep } from 'node:path'
import { formatPlace, type Problem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { readRuleFiles } from '../handbook/index.ts'
import { nameProof, type StandsOn, type Suggested } from '../journal/index.ts'
import type { Lab } from '../lab-port/index.ts'
import { hashDrill, listSuggestions, readDecisions, readTextFrom } from '../lint/index.ts'
import {
  choosePage,
  demandLab,
  demandReadable,
  describeFaults,
  guessNearest,
  openProvableContent,
  readProcedures,
  UsageError,
} from '../operate/index.ts'
import { type Drill, type Procedure, parsePage } from '../procedure/index.ts'

/** A drill to perform: a runbook, and one of the faults that it claims to heal. */
export interface DrillPlan {
  /** The names of the runbook and of the faults. */
  readonly id: string
  readonly procedure: Procedure
  readonly drill: Drill
  /** The hashes of everything that the proof depends on. */
  readonly standsOn: StandsOn
  /** The places at which the page suggests a mitigation. */
  readonly suggestions: readonly Suggested[]
}

/** A page of which drills are performed, and what the proof of each of its drills would depend on now. */
export interface DrilledPage {
  readonly procedure: Procedure
  readonly suggestions: readonly Suggested[]
  readonly drills: readonly Pick<DrillPlan, 'id' | 'standsOn'>[]
}

/** The drills to choose: all of the handbook, all of a page, or one. */
export interface WantedDrills {
  /** A page, by its id, path, alert or file; a drill; or a fault. */
  readonly name: string | undefined
  readonly all: boolean
  readonly cwd: string
}

/**
 * The chosen drills. Throws before anything starts: a `UsageError` for a name that matches nothing or several things, for an unknown
 * fault, and for a lab that does not fit the handbook; a `BrokenPageError` for a page that cannot be read as a program.
 */
export async function planDrills(
  handbook: Handbook,
  wanted: WantedDrills,
): Promise<{ readonly plans: readonly DrillPlan[]; readonly pages: readonly DrilledPage[]; readonly lab: Lab }> {
  const all = await readProcedures(handbook)
  // Of a page whose front matter cannot be read nobody knows which drills it has.
  if (wanted.all) for (const page of all) if (page.problems.some(hidesDrills)) demandReadable(page)
  const chosen = choose(handbook, all, wanted)
  for (const { procedure } of chosen) demandReadable(procedure)
  const readText = readTextFrom(handbook.root)
  const lab = await demandLab(handbook)
  await demandFaults(lab, chosen, readText)
  const rules = await readRuleFiles(handbook)
  const procedures = [...new Set(chosen.map(({ procedure }) => procedure))]
  const faults = procedures.flatMap(({ drills }) => drills.flatMap(listFaults))
  const content = await openProvableContent(handbook.root, lab, faults)
  const hash = async (procedure: Procedure, drill: Drill) => {
    const standsOn = await hashDrill(procedure, drill, { readText, rules, lab: content })
    return { id: nameProof(procedure.id, drill), drill, standsOn }
  }
  const pages = await Promise.all(
    procedures.map(async procedure => ({
      procedure,
      suggestions: listSuggestions(await readDecisions(procedure)),
      drills: await Promise.all(procedure.drills.map(drill => hash(procedure, drill))),
    })),
  )
  const plans = chosen.flatMap(({ procedure, drill }) => {
    const page = pages.find(page => page.procedure === procedure)
    const hashed = page?.drills.find(other => other.drill === drill)
    return page && hashed ? [{ procedure, suggestions: page.suggestions, ...hashed }] : []
  })
  for (const { procedure, standsOn } of plans) {
    if (standsOn.page === null)
      throw new UsageError(`A script that ${procedure.path} shows is missing`, 'See handbook check')
  }
  return { plans, pages, lab }
}

function hidesDrills({ rule, severity }: Problem): boolean {
  return rule === 'front-matter' && severity === 'error'
}

type Chosen = Omit<DrillPlan, 'standsOn' | 'suggestions'>

function choose(handbook: Handbook, procedures: readonly Procedure[], { name, all, cwd }: WantedDrills): Chosen[] {
  const every = procedures.flatMap(procedure =>
    procedure.drills.map((drill): Chosen => ({ id: nameProof(procedure.id, drill), procedure, drill })),
  )
  const ids = every.map(({ id }) => id)
  if (all && name !== undefined) throw new UsageError('--all drills every page', `Leave out --all, or ${name}`)
  if (name === undefined && !all)
    throw new UsageError(
      'Say which drill, or --all',
      ids.length === 0 ? 'No page of this handbook has one' : `Drills: ${ids.join(', ')}`,
    )
  if (name === undefined) {
    if (every.length === 0) throw new UsageError('No page of this handbook has a drill', 'Add drills: to a runbook')
    return demandOwnIds(every)
  }
  const page = findPage(name, handbook, procedures, cwd)
  const named = every.filter(({ id }) => id === name)
  const ofFault = every.filter(({ drill }) => drill.fault === name)
  if (page && named.some(({ procedure }) => procedure !== page))
    throw new UsageError(`${name} is a drill, and a page: ${page.path}`, 'Give the path of the page, if that is meant')
  if (named.length > 0) return demandOwnIds(named)
  if (!page && ofFault.length > 0) return demandOwnIds(ofFault)
  if (!page) throw new UsageError(`There is no drill ${name}`, guessNearest(name, ids))
  demandReadable(page)
  const ofPage = every.filter(({ procedure }) => procedure === page)
  if (ofPage.length > 0) return demandOwnIds(ofPage)
  throw new UsageError(
    `${page.path} has no drill`,
    `Add drills: to its front matter${ids.length === 0 ? '' : `, or drill one of: ${ids.join(', ')}`}`,
  )
}

function findPage(
  name: string,
  { root }: Handbook,
  procedures: readonly Procedure[],
  cwd: string,
): Procedure | undefined {
  if (!/\.mdx?$/.test(name)) return choosePage(name, procedures, { root, cwd })
  const path = relative(root, resolve(cwd, name)).split(sep).join('/')
  return procedures.find(procedure => procedure.path === path)
}

/** Checks the ids of drills. An id is the name of the proof's file and of the lab's folder, so two equal ids would overwrite each other. */
function demandOwnIds(drills: Chosen[]): Chosen[] {
  for (const { id, procedure } of drills) {
    if (/[/\\]/.test(procedure.id))
      throw new UsageError(`${procedure.path} has the id ${procedure.id}, which cannot be the name of a file`)
    const other = drills.find(drill => drill.id === id && drill.procedure !== procedure)
    if (other) throw new UsageError(`Two pages have the drill ${id}: ${other.procedure.path}, ${procedure.path}`)
  }
  return drills
}

/** Throws for a fault that the lab does not know: the page would run on a healthy deployment. */
async function demandFaults(
  lab: Lab,
  chosen: readonly Chosen[],
  readText: ReturnType<typeof readTextFrom>,
): Promise<void> {
  const unknown = chosen.flatMap(({ procedure, drill }) => {
    const fault = listFaults(drill).find(fault => lab.faults?.every(({ name }) => name !== fault))
    return fault === undefined ? [] : [{ procedure, drill, fault }]
  })
  const [first] = unknown
  if (!first) return
  const lines = unknown.map(async ({ procedure, drill, fault }) => {
    const place = await findPlace(procedure, ['drills', procedure.drills.indexOf(drill), keyOf(drill, fault)], readText)
    return `${place} The lab knows no fault ${fault}`
  })
  throw new UsageError((await Promise.all(lines)).join('\n  '), describeFaults(lab, first.fault))
}

function keyOf(drill: Drill, fault: string): 'fault' | 'with' {
  return drill.fault === fault ? 'fault' : 'with'
}

async function findPlace(
  { path }: Procedure,
  key: readonly (string | number)[],
  readText: ReturnType<typeof readTextFrom>,
): Promise<string> {
  const { matter } = parsePage((await readText(path)) ?? '', path)
  return formatPlace({ file: path, ...matter.placeOf(key) })
}

/** Every fault that a drill brings about, in this order: the other one is there before. */
export function listFaults({ fault, with: other }: Drill): string[] {
  return other === undefined ? [fault] : [other, fault]
}
