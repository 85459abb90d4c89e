import { doesNothing } from './does-nothing.ts'
import { type Fence, parseBlockMeta } from './fences.ts'
import { demandReason, findFences, isLanguage, isStatic, OUTPUT_LANGUAGES, type PageContext } from './find-fences.ts'
import type { Part, Step } from './model.ts'
import type { PHASES } from './phases.ts'
import { readStep } from './read-step.ts'

/** The steps below a level-2 heading. Every fence is run, is marked `static`, shows output, or is reported. */
export function readSteps(
  parts: readonly Part[],
  phase: (typeof PHASES)[number] | undefined,
  page: PageContext,
): Step[] {
  const steps: Step[] = []
  for (const part of parts) {
    const { heading } = part
    const fences = findFences(part.nodes, page)
    if (!page.executable) continue
    if (!phase || heading?.depth !== 3) {
      for (const fence of fences) refuseOutside(fence, phase, page)
      continue
    }
    const blocks = fences.filter(fence => mustRun(fence, page))
    const [first, ...others] = blocks
    for (const fence of others) {
      page.report(fence, 'one-block-each', `The step “${heading.title}” has a second executable block`, {
        found: `the first one is on line ${first?.line}`,
        hint: 'Give it a level-3 heading of its own, or mark one of them static',
      })
    }
    if (first) {
      steps.push(readStep({ heading, nodes: part.nodes }, first, phase, page))
      if (first.closed && isLanguage(first.language) && doesNothing(first.language, first.code)) refuseIdle(first, page)
    } else if (fences.every(fence => fence.language !== 'ts' && fence.language !== 'bash')) {
      page.report(heading, 'step-has-block', `The step “${heading.title}” has no executable block`, {
        hint: 'Add a ts or bash block, or use a level-4 heading; static: true in the front matter makes the whole page prose',
      })
    }
  }
  return steps
}

function refuseOutside(fence: Fence, phase: (typeof PHASES)[number] | undefined, { report }: PageContext): void {
  if (!isLanguage(fence.language)) return
  demandReason(fence, 'static', report)
  if (isStatic(fence)) return
  report(fence, 'fence-outside-step', `This ${fence.language} fence is outside a step and would not run`, {
    hint: phase
      ? `Put it under a level-3 heading of ${phase.title}, or mark it static`
      : 'Move it into an executable phase, or mark it static',
  })
}

/** A step that does nothing would pass, whatever is the matter. */
function refuseIdle(fence: Fence, { report }: PageContext): void {
  const file = parseBlockMeta(fence.meta).values.get('file')
  report(fence, 'step-has-block', 'This block does nothing, so the step could not fail', {
    hint:
      file === undefined
        ? 'Write what the step does, or mark the block static and the step as prose: a level-4 heading'
        : `Let handbook check --fix write ${file} into it`,
  })
}

function mustRun(fence: Fence, { report }: PageContext): boolean {
  demandReason(fence, 'static', report)
  if (isStatic(fence)) return false
  if (isLanguage(fence.language)) return true
  if (!OUTPUT_LANGUAGES.includes(fence.language.toLowerCase())) {
    report(
      fence,
      'known-language',
      `A fence in ${fence.language || 'no language'} cannot run, and is not marked as output`,
      {
        expected: 'ts or bash to run it; static or an output language such as text or console to show it',
        found: fence.language || 'no language',
      },
    )
  }
  return false
}
