// The process that blocks run in, never the runner itself. It is started as a child subreaper: whatever a block leaves behind,
// in whatever session, becomes its child and can be found.
import { writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { BASH_STDERR, BASH_STDOUT, runBash } from './bash-block.ts'
import type { BlockRequest, BlockResult, Report, Request } from './protocol.ts'
import { guardAgainstRunnerDeath, guardInThread, spareDescendants } from './runner-death.ts'

guardAgainstRunnerDeath()
if (isMainThread) listen()

function listen(): void {
  const tell = (report: Report) => void process.send?.(report)
  let blocks = 0
  process.on('message', async (request: Request) => {
    switch (request.type) {
      case 'warm': {
        guardInThread(__filename)
        const { warmTypeScript } = await import('./warm-typescript.ts')
        warmTypeScript()
        return
      }
      case 'run': {
        if (blocks > 0) spareDescendants()
        blocks += 1
        const result = request.language === 'bash' ? await bash(request, tell) : await typescript(request, tell)
        tell({ type: 'finished', result })
        return
      }
      default:
        request satisfies never
    }
  })
  tell({ type: 'ready' })
}

async function bash(request: BlockRequest, tell: (report: Report) => void): Promise<BlockResult> {
  const result = await runBash(request, tell)
  writeSync(BASH_STDOUT, request.endMark)
  writeSync(BASH_STDERR, request.endMark)
  return result
}

async function typescript(request: BlockRequest, tell: (report: Report) => void): Promise<BlockResult> {
  guardInThread(__filename)
  const { warmTypeScript } = await import('./warm-typescript.ts')
  const { runTypeScript } = await import('./ts-block.ts')
  warmTypeScript()(request)
  const result = await runTypeScript(request, tell)
  process.stdout.write(request.endMark)
  process.stderr.write(request.endMark)
  return result
}
