import { formatDuration, toVariable } from '../base/index.ts'
import type { PageKind, Phase, ReportProblem, Step } from './model.ts'
import { listRunPhases } from './phases.ts'

/** Demands that every phase with steps is one that a page of this kind runs. */
export function checkPhases(phases: readonly Phase[], kind: PageKind, report: ReportProblem): void {
  const expected = listRunPhases(kind).join(', ')
  for (const phase of phases) {
    if (phase.steps.length === 0 || listRunPhases(kind).includes(phase.title)) continue
    const page = kind === 'assessment' ? 'An assessment' : `A ${kind}`
    report(phase, 'phase-runs', `${page} does not run the phase ${phase.title}, so its steps would not run`, {
      expected,
      found: phase.title,
      hint: `Move the steps to a phase that runs (${expected}), or to a page of their own`,
    })
  }
}

/** Demands that a run of the page would run something, and would verify where it says so. */
export function checkEmptyPhases(
  phases: readonly Phase[],
  kind: PageKind,
  isEmpty: (phase: Phase) => boolean,
  report: ReportProblem,
): void {
  const [first] = phases
  if (first && phases.every(({ name }) => name === 'roll-back')) {
    report(first, 'phase-runs', 'Roll back is all that this page has, and it runs only after something else', {
      expected: listRunPhases(kind)
        .filter(title => title !== first.title)
        .join(', '),
      found: first.title,
      hint: 'Move its steps to Procedure',
    })
  }
  for (const phase of phases) {
    const mustRun =
      (phase.name === 'procedure' && kind === 'guide') ||
      (phase.name === 'checks' && kind === 'assessment') ||
      (phase.name === 'verify' && kind === 'runbook')
    if (phase.steps.length > 0 || !(mustRun || isEmpty(phase))) continue
    const hint = 'Add a step: a level-3 heading with a ts or bash block. If nothing on the page runs: static: true'
    report(phase, 'step-has-block', `The phase ${phase.title} has no step, so it would run nothing`, { hint })
  }
}

/** Demands that `undoes` names another step of the page. `when` may only stand beside it, for a step that is not temporary. */
export function checkUndoing(steps: readonly Step[], report: ReportProblem): void {
  for (const { id, undoes, when, block } of steps) {
    const undone = steps.find(step => step.id === undoes)
    if (undone?.id === id)
      report(block.fence, 'undoes-a-step', `undoes=${id} names this step itself`, {
        found: id,
        hint: `Other steps of this page: ${steps.flatMap(step => (step.id === id ? [] : step.id)).join(', ') || 'none yet'}`,
      })
    if (undoes !== undefined && !undone) {
      report(block.fence, 'undoes-a-step', `undoes=${undoes} names no step of this page`, {
        found: undoes,
        hint: `Steps of this page: ${steps.map(({ id }) => id).join(', ')}`,
      })
    }
    if (when === undefined) continue
    if (undoes === undefined) {
      report(block.fence, 'when-undoes', 'when= says when another step is undone, and this step undoes none', {
        hint: 'Add undoes=STEP, or remove when=',
      })
    } else if (undone?.temporary) {
      report(block.fence, 'when-undoes', `#${undoes} is temporary, so it is always undone and when= has no effect`, {
        hint: 'Remove when=, or remove temporary from the step that is undone',
      })
    }
  }
}

/** Demands that `touches` stands at a dangerous step and names a step that only reads, and that `max` stands beside it. */
export function checkTouching(steps: readonly Step[], report: ReportProblem): void {
  for (const { id, touches, max, risk, block } of steps) {
    const wrong = (message: string, found: string, hint: string) =>
      report(block.fence, 'known-meta', message, { found, hint })
    if (touches === undefined) {
      if (max !== undefined)
        wrong(
          'max= limits what a plan touches, and this step has none',
          `max=${max}`,
          'Add touches=STEP, or remove max=',
        )
      continue
    }
    if (risk !== 'danger')
      wrong(`touches= makes a plan for danger, and this step is ${risk}`, risk, 'Add risk=danger, or remove touches=')
    const lister = steps.find(step => step.id === touches.step && step.id !== id)
    const readers = steps.flatMap(step => (step.risk === 'read' ? step.id : [])).join(', ') || 'none yet'
    const hint = `Steps of this page that only read: ${readers}`
    if (!lister) wrong(`touches=${touches.step} names no other step of this page`, touches.step, hint)
    else if (lister.risk !== 'read')
      wrong(`#${lister.id} changes something, so it cannot list what will be touched`, lister.risk, hint)
  }
}

/** Milliseconds that a cheap step may take at most. */
const CHEAP = 10_000

/** What walks over files: with millions of them it takes minutes, and the volume is busy with it. */
const WALK = /(?:^|[\s`(|;&])(find|du|tree|rsync|ls\s+-\w*R\w*|grep\s+-\w*[rR]\w*)\s/m

/** Demands of a cheap step that it stands in Diagnose, only reads, and soon ends: it runs before anybody looks. */
export function checkCheap(steps: readonly Step[], report: ReportProblem): void {
  for (const { cheap, phase, risk, timeout, retries, leaves, block } of steps) {
    if (!cheap) continue
    const wrong = (message: string, found: string, hint: string) =>
      report(block.fence, 'known-meta', `cheap: ${message}`, { found, hint })
    if (phase !== 'diagnose') wrong('only steps of Diagnose run before anybody looks', phase, 'Remove cheap')
    else if (risk !== 'read') wrong(`a cheap step only reads, and this one is ${risk}`, risk, 'Remove cheap')
    if (timeout > CHEAP)
      wrong(
        'a cheap step ends within 10 seconds',
        `timeout=${formatDuration(timeout)}`,
        'Add timeout=10s, or less; or remove cheap',
      )
    if (retries > 0) wrong('a cheap step is tried once', `retries=${retries}`, 'Remove retries=, or cheap')
    const walk = WALK.exec(block.code)?.[1]
    if (walk !== undefined) wrong('a cheap step walks over no files', walk, 'Ask a metric or a status; or remove cheap')
    if (leaves !== undefined) wrong('nothing of a cheap step goes on after it', 'leaves=', 'Remove leaves=, or cheap')
  }
}

/** Demands that the values of two steps do not have the same name in bash, and that each can have one. */
export function checkVariables(steps: readonly Step[], report: ReportProblem): void {
  const known = new Map<string, Step>()
  for (const step of steps) {
    const variable = toVariable(step.id)
    const other = known.get(variable)
    known.set(variable, other ?? step)
    if (!other || other.id === step.id) continue
    report(
      step,
      'unique-ids',
      step.id.normalize() === other.id.normalize()
        ? `${step.id} looks the same as the id of line ${other.line}, and is written with other characters`
        : `${step.id} and ${other.id} (line ${other.line}) have one name in bash: STEP_${variable}`,
      {
        found: step.id,
        hint: 'Give one of them another id: <!-- #id -->',
      },
    )
  }
}
