// The process that ts blocks run in, never the runner itself. It reads requests from file descriptor 3, a line of JSON each.
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { BlockRequest, WorkerReport } from '../protocol.ts'
import { tellOutput } from './block-output.ts'
import { runTypeScript } from './ts-block.ts'
import { warmTypeScript } from './warm-typescript.ts'
import { writeAll } from './write-all.ts'

const reports = Number(process.env.HB_REPORTS)
const tell = (report: WorkerReport) => void writeAll(reports, Buffer.from(`${JSON.stringify(report)}\n`))
tellOutput(tell)
// Now, while the runner is still reading the page.
const surround = warmTypeScript()

createInterface({ input: new Socket({ fd: 3 }) }).on('line', async line => {
  const request: BlockRequest = JSON.parse(line)
  tell({ type: 'finished', result: await runTypeScript(request, surround, tell) })
})
