import { text } from 'node:stream/consumers'
import { defineCommand } from 'citty'
import { formatJson } from '../../base/index.ts'
import {
  lookOrderSchema,
  type OrderAnswer,
  performLook,
  performOrder,
  performTakeUp,
  runOrderSchema,
  takeUpOrderSchema,
} from '../../operate/index.ts'
import { heedSignals } from '../heed-signals.ts'
import { createPorts } from '../ports.ts'

/**
 * `handbook runner`: runs a page that a server ordered, takes up a run, or looks at an alert, as JSON on stdin, and answers with a line on stdout. No person calls it. It outlives
 * the server: what it asks and tells goes through the store alone.
 */
export const runner = defineCommand({
  meta: { name: 'runner', description: 'Run a page that a server orders on stdin; started by handbook serve' },
  args: {},
  async run() {
    // Whoever hears the answer may be gone by now.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
    const signals = heedSignals()
    const answer = (answer: OrderAnswer) => void process.stdout.write(`${formatJson(answer)}\n`)
    const order = readJson(await text(process.stdin))
    const parsed = runOrderSchema.safeParse(order)
    const takesUp = takeUpOrderSchema.safeParse(order)
    const looks = lookOrderSchema.safeParse(order)
    if (!parsed.success && !takesUp.success && !looks.success) {
      answer({ refused: 'wrong', message: 'This is not what a server orders' })
      return 2
    }
    const { prompter: _, ...ports } = createPorts(signals.signal, signals.hurry)
    signals.begin()
    try {
      const listener = { answer, event: () => {} }
      const performed = parsed.success
        ? await performOrder(parsed.data, ports, listener)
        : takesUp.success
          ? await performTakeUp(takesUp.data, ports, listener)
          : looks.success && (await performLook(looks.data, ports, listener))
      return performed ? 0 : 3
    } finally {
      signals.end()
    }
  },
})

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
