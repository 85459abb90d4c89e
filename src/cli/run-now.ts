import pc from 'picocolors'
import { formatPlace, type Problem } from '../base/index.ts'
import type { Executor } from '../execute/index.ts'
import { BrokenPageError, performRun, prepareRun, type RunOptions } from '../operate/index.ts'
import { createPorts } from './ports.ts'
import { complain, print } from './print.ts'
import { tellRun } from './tell-run.ts'

/** Runs a page with an executor that was started before, and tells it. Gives the exit code. */
export async function runNow(options: RunOptions, executor: Executor, json: boolean): Promise<number> {
  return tellBroken(() =>
    tellRun(json, async (ports, listener) => {
      const ready = await prepareRun(options, ports)
      return ready && performRun({ ...ready, executor }, ports, listener)
    }),
  )
}

/** Shows what would run, and asks nobody. Gives the exit code. */
export async function showPlan(options: RunOptions, json: boolean): Promise<number> {
  return tellBroken(async () => {
    const { prompter: _, ...ports } = createPorts()
    const ready = await prepareRun(options, ports)
    const { showDryRun } = await import('./show-dry-run.ts')
    if (ready) print(showDryRun(ready.request, json))
    return 0
  })
}

async function tellBroken(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof BrokenPageError)) throw error
    complain(formatProblems(error.problems))
    return 2
  }
}

/** Why a page cannot be run: a line a problem, with its place and hint. */
function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(problem => {
      const hint = problem.hint ? `\n  ${pc.dim(problem.hint)}` : ''
      return `${pc.red('✗')} ${formatPlace(problem)} ${problem.message} ${pc.dim(problem.rule)}${hint}\n`
    })
    .join('')
}
