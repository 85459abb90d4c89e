import pc from 'picocolors'
import { formatDuration } from '../base/index.ts'
import type { Proof } from '../journal/index.ts'

/** What a drill went through, stage by stage, as lines for a terminal. */
export interface DrillReporter {
  begin(drill: string): void
  stage(title: string): void
  end(proof: Proof): void
}

/** Tells drills in a terminal: a line a stage with its seconds, then the verdict. */
export function createDrillReporter(write: (text: string) => void, now: () => number): DrillReporter {
  let current: { readonly title: string; readonly since: number } | undefined
  const close = (sign: string) => {
    if (!current) return
    write(`  ${sign} ${current.title.padEnd(44)} ${pc.dim(formatDuration(now() - current.since))}\n`)
    current = undefined
  }
  return {
    begin: drill => write(`${pc.bold(drill)}\n`),
    stage(title) {
      close(pc.green('✓'))
      current = { title, since: now() }
    },
    end(proof) {
      close(proof.proven ? pc.green('✓') : pc.red('✗'))
      for (const line of describeWorkload(proof)) write(`    ${line}\n`)
      if (proof.steps.notRun.length > 0) write(pc.dim(`    not run by this drill: ${proof.steps.notRun.join(', ')}\n`))
      if (proof.proven) {
        write(
          `  ${pc.green(pc.bold('PROVEN'))} fired in ${proof.secondsToFire} s, healed in ${proof.secondsToHeal} s, `,
        )
        write(`cleared in ${proof.secondsToClear} s ${pc.dim(`(time scale ${proof.timeScale})`)}\n\n`)
      } else write(`  ${pc.red(pc.bold('NOT PROVEN'))} ${proof.reason ?? ''}\n\n`)
    },
  }
}

/** What became of everything that was acknowledged, and how the drill felt meanwhile, in the workload's own words. */
function describeWorkload({ workload, felt }: Proof): string[] {
  if (!workload) return ['nothing was counted: what was lost is unknown']
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
