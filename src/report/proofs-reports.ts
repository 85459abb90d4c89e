import pc from 'picocolors'
import { countOf, formatDuration } from '../base/index.ts'
import { describeCount, describeTimes, describeWaking, type Proof } from '../journal/index.ts'
import type { CheckProof, TrialVerdict } from '../readiness/index.ts'
import { writeJunit } from './junit.ts'
import { writeMarkdownTable } from './markdown-table.ts'
import { wrapText } from './wrap-text.ts'

/** Drills for CI servers: a suite a runbook, a case a drill, with the seconds from the fault until the alert was gone. */
export function formatProofsJunit(proofs: readonly Proof[]): string {
  const runbooks = [...new Set(proofs.map(({ procedure }) => procedure))]
  return writeJunit({
    name: 'handbook drill',
    suites: runbooks.map(runbook => ({
      name: runbook,
      cases: proofs
        .filter(({ procedure }) => procedure === runbook)
        .map(proof => ({
          name: proof.id,
          seconds: (proof.secondsToFire ?? 0) + (proof.secondsToHeal ?? 0) + (proof.secondsToClear ?? 0),
          output: JSON.stringify(proof, null, 2),
          ...(proof.proven ? {} : { failure: { message: proof.reason ?? 'not proven', type: proof.outcome } }),
        })),
    })),
  })
}

/** Drills for a comment on a change: how many are proven, and a table of what was measured, also which share of what customers tried failed. */
export function formatProofsMarkdown(proofs: readonly Proof[]): string {
  const proven = proofs.filter(proof => proof.proven).length
  return writeMarkdownTable(
    `${proven} of ${countOf(proofs.length, 'drill')} proven`,
    ['Drill', 'Alert', 'Fired', 'Healed', 'Cleared', 'Failed', 'Lost', 'Result'],
    proofs.map(proof => [
      { code: proof.id },
      proof.alert ?? 'none',
      tell(proof.secondsToFire),
      proof.escalated === undefined ? tell(proof.secondsToHeal) : 'no: escalated',
      proof.escalated === undefined ? tell(proof.secondsToClear) : 'no',
      proof.felt ? `${Math.round(proof.felt.failedShare * 1000) / 10} %` : 'unknown',
      describeCount(proof).replace(/ lost$/, ''),
      proof.proven ? 'proven' : `not proven: ${proof.reason ?? proof.outcome}`,
    ]),
  )
}

function tell(seconds: number | null): string {
  return seconds === null ? 'not seen' : `${seconds} s`
}

/** What a drill went through, stage by stage, as lines for a terminal. */
export interface DrillReporter extends Pick<Stages, 'begin' | 'stage'> {
  end(proof: Proof): void
}

/** Tells drills in a terminal: a line a stage with its seconds, then the verdict. */
export function createDrillReporter(write: (text: string) => void, now: () => number): DrillReporter {
  const { begin, stage, close } = createStages(write, now)
  return {
    begin,
    stage,
    end(proof) {
      close(proof.proven)
      for (const line of describeWorkload(proof)) write(`    ${line}\n`)
      if (proof.signal !== 'diagnose') write(`    ${describeWaking(proof)}\n`)
      if (proof.alsoFired?.length) write(`    also fired: ${proof.alsoFired.join(', ')}\n`)
      if (proof.steps.notRun.length > 0) write(pc.dim(`    not run by this drill: ${proof.steps.notRun.join(', ')}\n`))
      if (proof.proven) {
        write(`  ${pc.green(pc.bold('PROVEN'))} ${describeTimes(proof)} `)
        const made = proof.profile === undefined ? '' : `, lab ${proof.profile}`
        write(`${pc.dim(`(time scale ${proof.timeScale}${made})`)}\n\n`)
      } else write(`  ${pc.red(pc.bold('NOT PROVEN'))} ${proof.reason ?? ''}\n\n`)
    },
  }
}

/** Lines of stages: each is written when it is over, with its seconds. */
export interface Stages {
  begin(title: string): void
  stage(title: string): void
  /** Ends the last stage, well or not. */
  close(well: boolean): void
}

/** Tells stages in a terminal. */
export function createStages(write: (text: string) => void, now: () => number): Stages {
  let current: { readonly title: string; readonly since: number } | undefined
  const close = (well: boolean) => {
    if (!current) return
    const sign = well ? pc.green('✓') : pc.red('✗')
    write(`  ${sign} ${current.title.padEnd(44)} ${pc.dim(formatDuration(now() - current.since))}\n`)
    current = undefined
  }
  return {
    begin: title => write(`${pc.bold(title)}\n`),
    stage(title) {
      close(true)
      current = { title, since: now() }
    },
    close,
  }
}

/** A mutation that was tried, for people: its checks when it proves them, else what is wrong. */
export function formatTrial(
  { mutation, proven, declared, reasons }: TrialVerdict,
  seconds: number,
  columns = 80,
): string {
  const took = formatDuration(seconds * 1000).padStart(9)
  const head = `${proven ? pc.green('✓') : pc.red('✗')} ${mutation.padEnd(28)}${took}`
  if (!proven) return [head, ...hang(reasons, 4, columns), ''].join('\n')
  return [head, ...hang([declared.map(({ id }) => `#${id}`).join(', ')], 4, columns), ''].join('\n')
}

/** What came of proving checks, for people: how many, in what time, and those that are not proven. */
export function formatCheckProofs(checks: readonly CheckProof[], seconds: number, columns = 80): string {
  const proven = checks.filter(check => check.proven).length
  const failed = checks.filter(check => !check.proven && check.breaks.length > 0)
  const silent = checks.filter(({ breaks }) => breaks.length === 0)
  const profiles = [...new Set(checks.flatMap(({ profile }) => profile ?? []))]
  const lines = [
    '',
    pc.bold(`${proven} of ${countOf(checks.length, 'check')} proven in ${formatDuration(seconds * 1000)}`),
    ...(profiles.length > 0 ? [`The lab was made ${profiles.join(', ')}`] : []),
    ...(failed.length > 0 ? [pc.red('Not proven:'), ...hang(failed.map(name), 2, columns)] : []),
    ...(silent.length > 0
      ? ['Not proven, because no mutation is declared for them:', ...hang(silent.map(name), 2, columns)]
      : []),
    '',
  ]
  return lines.join('\n')
}

function name({ id, page, title }: CheckProof): string {
  return `#${id} of ${page}: ${title}`
}

function hang(texts: readonly string[], indent: number, columns: number): string[] {
  const space = ' '.repeat(indent)
  return texts.flatMap(text => wrapText(text, Math.max(40, columns) - indent).map(line => `${space}${line}`))
}

/** What became of everything that was acknowledged, and how the drill felt meanwhile, in the workload's own words. */
function describeWorkload({ workload, felt }: Proof): string[] {
  if (!workload || workload.acknowledged === 0) return [describeCount({ workload })]
  const counts = Object.entries(workload.counts).map(([word, count]) => `, ${count} ${word}`)
  const counted = `${workload.acknowledged} ${workload.name} acknowledged${counts.join('')}, ${workload.lost} lost`
  if (!felt) return [counted]
  return [
    counted,
    `${percent(felt.failedShare)} of attempts failed; longest time without one acknowledged: ${felt.longestGapSeconds} s`,
  ]
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}
