import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { listFired } from '../../src/drill/list-fired.ts'
import { uploadWorkload } from '../../src/lab/workload/upload-workload.ts'
import { requires } from '../environment/requires.ts'
import { provideLab } from './provide-lab.ts'

describe.runIf(requires('a healthy lab', ['prometheus', 'prometheus-alertmanager']))(
  'a healthy lab with customers',
  () => {
    const { lab } = provideLab({ monitoring: true })

    test('fires no alert in the longest span that a rule looks back, and as long as any waits', {
      timeout: 1_200_000,
    }, async () => {
      const status = lab().status()
      const seconds = await longestSpan(String(status.prometheusUrl))
      // Six hours at the lab's time scale: a rule whose spans could not be read would make this test short.
      expect(seconds).toBeGreaterThan(300)
      const workload = uploadWorkload.start(status)
      try {
        await sleep(seconds * 1000)
        expect(await listFired(status, seconds, AbortSignal.timeout(30_000))).toEqual([])
      } finally {
        await workload.stop()
      }
      const { lost } = await workload.verify(120_000)
      expect(lost).toBe(0)
    })
  },
)

/** The longest time in seconds that a rule looks back and then waits. That there never was a backup waits a day, and a lab makes none. */
async function longestSpan(prometheusUrl: string): Promise<number> {
  const { data } = await (await fetch(`${prometheusUrl}/api/v1/rules`)).json()
  const rules: { name: string; query: string; duration?: number }[] = data.groups.flatMap(
    ({ rules }: { rules: [] }) => rules,
  )
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
  const spans = rules
    .filter(({ name }) => name !== 'UploadBridgeNeverBackedUp')
    .map(({ query, duration = 0 }) => {
      const looks = [...query.matchAll(/\[(\d+)(s|m|h|d)[\]:]/g)]
      return duration + Math.max(0, ...looks.map(([, amount, unit = '']) => Number(amount) * (units[unit] ?? 0)))
    })
  return Math.max(...spans)
}
