import type { Block } from '../../procedure/index.ts'
import { type Rule, violation } from '../rule.ts'
import { canScriptFail } from '../shell/can-fail.ts'
import { listWholeSteps } from '../steps.ts'

/** A step of Verify or Checks judges, and what always passes is no judgement. */
export const canFail: Rule = {
  id: 'can-fail',
  severity: 'error',
  summary: 'A step of Verify or Checks can fail',
  hint: 'Let it fail when things are not as they should be: expect(…) in ts, a test as a line of its own in bash',
  checkPage: ({ procedure }) =>
    listWholeSteps(procedure).flatMap(step => {
      if ((step.phase !== 'verify' && step.phase !== 'checks') || canBlockFail(step.block)) return []
      return [violation(step.block.fence, `“${step.title}” passes whatever is the case: nothing in it can fail`)]
    }),
}

function canBlockFail({ language, code }: Block): boolean {
  return language === 'bash' ? canScriptFail(code) : canTypeScriptFail(code)
}

/** What is called, thrown or run can fail; printing alone cannot. */
function canTypeScriptFail(code: string): boolean {
  const bare = code
    .replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, '""')
    .replace(/\b(?:await\s+)?(?:console\.\w+|echo|sleep)\s*\(/g, '')
  return /[\w$)\]]\s*\(|`|\b(?:throw|new|await)\b/.test(bare)
}
