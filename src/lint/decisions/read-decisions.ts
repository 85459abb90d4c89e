import type { Block, Procedure } from '../../procedure/index.ts'
import { listWholeSteps } from '../steps.ts'
import type { Decisions, StepDecisions } from './decision.ts'
import { readBashCalls } from './read-bash-calls.ts'

const known = new WeakMap<Procedure, Promise<readonly StepDecisions[]>>()

/** What each step of Diagnose may suggest and rule out; what a later phase suggests leads nowhere. A procedure is read once. */
export function readDecisions(procedure: Procedure): Promise<readonly StepDecisions[]> {
  const decisions = known.get(procedure) ?? readSteps(procedure)
  known.set(procedure, decisions)
  return decisions
}

async function readSteps(procedure: Procedure): Promise<StepDecisions[]> {
  const steps = listWholeSteps(procedure).filter(({ phase }) => phase === 'diagnose')
  return Promise.all(steps.map(async ({ id, block }) => ({ step: id, ...(await readBlock(block)) })))
}

async function readBlock({ language, code }: Block): Promise<Decisions> {
  // Most blocks name neither, which a look at the text says without reading it.
  if (!/\b(?:suggest|ruleOut|rule-out)\b/.test(code)) return { suggests: [], rulesOut: [] }
  if (language === 'bash') return readBashCalls(code)
  const { readScriptCalls } = await import('./read-script-calls.ts')
  return readScriptCalls(code)
}
