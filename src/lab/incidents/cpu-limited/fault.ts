import type { Fault } from '../../kit/fault.ts'
import { type LimitedCpu, limitCpu } from '../../kit/limited-cpu.ts'

/** What the API gets of every second of one CPU, in microseconds. */
const LIMIT = { quota: 80_000, period: 1_000_000 }

/** How soon an API that was started anew is limited, too, in milliseconds. */
const PAUSE = 100

/** The limit of each lab, by its folder of notes. */
const limits = new Map<string, { readonly cpu: LimitedCpu; end(): void }>()

/** Somebody limited the CPU of the API's unit, and forgot it. As with systemd, it holds for the API that is started next, too. */
export const cpuLimited: Fault = {
  name: 'cpu-limited',
  title: 'The API gets too little CPU',
  summary:
    'A limit of 8 % of one CPU holds for the control group of the API: it needs more, so it stands still most of each second',
  async start(deployment) {
    const cpu = limitCpu(LIMIT)
    const hold = () => {
      const pid = deployment.pid('api')
      if (pid !== undefined) cpu.add(pid)
    }
    hold()
    const timer = setInterval(hold, PAUSE).unref()
    const end = () => {
      clearInterval(timer)
      cpu.remove()
    }
    deployment.signal.addEventListener('abort', end, { once: true })
    limits.set(deployment.notesPath, { cpu, end })
  },
  async stop({ notesPath }) {
    limits.get(notesPath)?.end()
    limits.delete(notesPath)
  },
  isActive: ({ notesPath }) => limits.get(notesPath)?.cpu.holds() ?? false,
}
