import type { Readiness } from '../handbook/index.ts'
import { findChange, type LabContent, type ProofPart, type StandsOn } from '../journal/index.ts'
import type { Procedure, Step } from '../procedure/index.ts'
import {
  type Assessment,
  type CheckProof,
  type CheckResult,
  describeScore,
  hashChecks,
  listChecks,
} from '../readiness/index.ts'
import { hasChanged, sayWhere } from './say-measured.ts'
import { sayProfile } from './say-proof.ts'
import { type ReconstructedCard, viewReconstructed } from './view-reconstructed.ts'

/** How much is shown of what a check printed. */
const LINES = 6
const CHARACTERS = 500

/** The scorecard of the last assessment. It says what has changed since: pages, checks and mutations. */
export function makeScorecard(
  { assessment, reconstructed, proofs }: Readiness,
  procedures: readonly Procedure[],
  permalinks: ReadonlyMap<string, { readonly permalink: string }>,
  lab: LabContent | undefined,
): Scorecard {
  if (!assessment) return null
  const pages = procedures.filter(({ kind }) => kind === 'assessment')
  const checks = pages.flatMap(page => listChecks(page).map(check => ({ page: page.path, check })))
  const hashes = hashChecks(pages, lab)
  const findProof = ({ page, id }: CheckResult) => {
    const check = checks.find(known => known.page === page && known.check.id === id)?.check
    const proof = proofs.find(proof => proof.page === page && proof.id === id)
    return describeCheckProof(proof, check, check && hashes.get(check))
  }
  const areas = assessment.areas.map(area => {
    const page = pages.find(page => page.area === area.id)
    const permalink = page && permalinks.get(page.path)?.permalink
    return {
      ...area,
      says: describeScore(
        area.score,
        assessment.items.filter(item => item.area === area.id),
      ),
      ...(permalink === undefined ? {} : { permalink }),
      changed: hasChanged(area.id, pages, assessment),
      items: assessment.items.filter(item => item.area === area.id).map(item => viewItem(item, findProof)),
    } satisfies AreaCard
  })
  const all = new Map(assessment.items.flatMap(item => item.checks.map(check => [`${check.page}#${check.id}`, check])))
  const { score, claimed, date, commit, next, history = [] } = assessment
  const says = describeScore(score, assessment.items)
  const [figure = says, unknown = null] = says.split(', ')
  return {
    says,
    headline: { figure, unknown },
    claimed: claimed ?? null,
    environment: sayWhere(assessment),
    date,
    commit,
    areas,
    next,
    reconstructed: viewReconstructed(reconstructed, pages, lab),
    history: [...history, ...listReconstructions(reconstructed)].map(({ date, commit, says, ...where }) => ({
      ...{ date, commit, says },
      environment: sayWhere(where),
    })),
    checks: { all: all.size, proven: [...all.values()].filter(check => findProof(check).proof === 'proven').length },
  }
}

/** The lines of the history that a reconstruction adds. */
function listReconstructions(kept: Assessment | undefined): NonNullable<Assessment['history']> {
  if (!kept) return []
  const { history = [], score, items, ...last } = kept
  return [{ ...last, says: describeScore(score, items) }, ...history]
}

type FindProof = (check: CheckResult) => Pick<CheckCard, 'proof' | 'proofSays'>

function viewItem({ id, title, need, result, reason, checks }: Assessment['items'][number], find: FindProof): ItemCard {
  return {
    id,
    title,
    need,
    result,
    ...(reason === undefined ? {} : { reason }),
    checks: checks.map(check => viewCheck(check, find)),
  }
}

function viewCheck(check: CheckResult, find: FindProof): CheckCard {
  const { id, title, result, reason, evidence } = check
  const value = evidence.value === undefined || evidence.value === null ? '' : JSON.stringify(evidence.value)
  const lines = [value, ...(evidence.output?.split('\n') ?? [])].filter(line => line.trim() !== '')
  return {
    id,
    title,
    result,
    ...(reason === undefined ? {} : { reason: shorten(reason.split('\n')) }),
    evidence: shorten(lines),
    ...find(check),
  }
}

function shorten(lines: readonly string[]): string {
  const text = lines.filter(line => line.trim() !== '').slice(0, LINES)
  const whole = text.join('\n')
  const shown = whole.length > CHARACTERS ? `${whole.slice(0, CHARACTERS - 1)}…` : whole
  return lines.length > LINES ? `${shown}\n…` : shown
}

function describeCheckProof(
  proof: CheckProof | undefined,
  check: Step | undefined,
  now: StandsOn | undefined,
): Pick<CheckCard, 'proof' | 'proofSays'> {
  if (!proof) {
    const silent = check?.breaks.length === 0
    return { proof: 'not-proven', proofSays: silent ? 'no mutation is declared for it' : 'not proven yet' }
  }
  const day = proof.date.slice(0, 10)
  if (!proof.proven) return { proof: 'not-proven', proofSays: proof.reason ?? 'not proven' }
  const changed = now ? findChange(proof, now) : []
  if (changed) return { proof: 'changed', proofSays: `changed since proven ${day}${describeChange(changed)}` }
  return { proof: 'proven', proofSays: `seen to fail ${day}${sayProfile(proof.profile)}: ${proof.breaks.join(', ')}` }
}

function describeChange(parts: readonly ProofPart[]): string {
  return parts.length === 0 ? '' : `: ${parts.map(part => PARTS[part]).join(', ')}`
}

const PARTS: Readonly<Record<ProofPart, string>> = {
  page: 'the check',
  fault: 'what must make it fail',
  shipped: 'the service, its units or its configuration',
}

/** The scorecard, for its page; null when no assessment was kept. */
export type Scorecard = null | {
  /** The score in words, with the number of unknown items. */
  readonly says: string
  /** The same for a headline, in two parts. `figure`: the score in percent, or why there is none. `unknown`: how many items are unknown. */
  readonly headline: { readonly figure: string; readonly unknown: string | null }
  readonly claimed: NonNullable<Assessment['claimed']> | null
  /** Its name, and how the lab was made if it was one. */
  readonly environment: string
  /** ISO 8601, UTC. */
  readonly date: string
  readonly commit: string
  readonly areas: readonly AreaCard[]
  readonly next: Assessment['next']
  /** The same of what was claimed then, made again; null when none was kept. */
  readonly reconstructed: ReconstructedCard | null
  /** What was measured besides. */
  readonly history: readonly Pick<NonNullable<Scorecard>, 'date' | 'commit' | 'environment' | 'says'>[]
  /** How many checks there are, and how many were seen to fail when what they guard was broken. */
  readonly checks: { readonly all: number; readonly proven: number }
}

/** An area with its items. */
export interface AreaCard {
  readonly id: string
  readonly title: string
  readonly score: number | null
  readonly says: string
  readonly claimed: number | null
  /** Its page on the site, if it has one. */
  readonly permalink?: string
  /** Whether its page has changed since it was measured. */
  readonly changed: boolean
  readonly items: readonly ItemCard[]
}

/** An item with its checks. */
export interface ItemCard {
  readonly id: string
  readonly title: string
  readonly need: Assessment['items'][number]['need']
  readonly result: CheckResult['result']
  readonly reason?: string
  readonly checks: readonly CheckCard[]
}

/** A check: what it found, and whether it was seen to fail when what it guards was broken. */
export interface CheckCard {
  readonly id: string
  readonly title: string
  readonly result: CheckResult['result']
  readonly reason?: string
  /** What it returned, and the first lines of what it printed. */
  readonly evidence: string
  /** `changed`: it was proven, but the check or its mutations have changed since. */
  readonly proof: 'proven' | 'changed' | 'not-proven'
  /** When, or why not. */
  readonly proofSays: string
}
