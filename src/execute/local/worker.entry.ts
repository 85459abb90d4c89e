// The process that ts blocks run in, never the runner itself. It reads requests from file descriptor 3, a line of JSON each.
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { BlockReport, WorkerReport, WorkerRequest } from '../protocol.ts'
import { guardExit, tellOutput } from './block-output.ts'
import { noteResources } from './note-resources.ts'
import { writeAll } from './pipe.ts'
import { runTypeScript } from './ts-block.ts'
import { warmTypeScript } from './warm-typescript.ts'

const reports = Number(process.env.HB_REPORTS)
const write = (report: WorkerReport) => void writeAll(reports, Buffer.from(`${JSON.stringify(report)}\n`))
tellOutput()
guardExit()
noteResources()
// Now, while the runner is still reading the page.
const surround = warmTypeScript()

createInterface({ input: new Socket({ fd: 3 }) }).on('line', async line => {
  const { turn, block }: WorkerRequest = JSON.parse(line)
  const tell = (report: BlockReport) => write({ turn, report })
  tell({ type: 'finished', result: await runTypeScript(block, surround, tell) })
})
