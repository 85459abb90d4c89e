import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../../lab-port/index.ts'
import { alertmanagerOf } from '../../kit/alertmanager.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'

// Alertmanager knows it, and a fault must say at once whether it is in effect. So its end is watched.
const silences = new Map<string, string>()

/** Somebody silenced every alert for a maintenance, and forgot it. */
export const everythingSilenced: Fault = {
  name: 'everything-silenced',
  title: 'Every alert is silenced',
  summary: 'Somebody silences every alert for a maintenance of an hour, as a day: alerts fire, and nobody is told',
  async start(deployment) {
    const { url } = alertmanagerOf(deployment)
    const now = Date.now()
    const response = await fetch(`${url}/api/v2/silences`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        matchers: [{ name: 'alertname', value: '.+', isRegex: true }],
        startsAt: new Date(now).toISOString(),
        endsAt: new Date(now + 24 * 3_600_000).toISOString(),
        createdBy: 'night-shift',
        comment: 'the network is maintained until 03:00',
      }),
      signal: deployment.signal,
    })
    if (!response.ok) throw new LabError('cannot-break', `Alertmanager takes no silence: ${await response.text()}`)
    const { silenceID }: { silenceID: string } = JSON.parse(await response.text())
    silences.set(deployment.notesPath, silenceID)
    void watchForEnd(deployment, silenceID)
  },
  async stop(deployment) {
    const id = silences.get(deployment.notesPath)
    if (id === undefined) return
    const answer = await fetch(`${alertmanagerOf(deployment).url}/api/v2/silence/${id}`, { method: 'DELETE' })
    const said = await answer.text()
    if (!answer.ok && !said.includes('already expired'))
      throw new LabError('part-failed', `Alertmanager does not end the silence: ${said}`)
    silences.delete(deployment.notesPath)
  },
  isActive: ({ notesPath }) => silences.has(notesPath),
}

/** Waits until somebody else ended the silence, or the fault was healed. */
async function watchForEnd(deployment: Deployment, id: string): Promise<void> {
  const { notesPath, signal } = deployment
  const { url } = alertmanagerOf(deployment)
  while (silences.get(notesPath) === id && !signal.aborted) {
    await sleep(500, undefined, { signal }).catch(() => undefined)
    const silence: unknown = await fetch(`${url}/api/v2/silence/${id}`, { signal }).then(
      answer => answer.json(),
      () => undefined,
    )
    if (JSON.stringify(silence)?.includes('"state":"expired"')) silences.delete(notesPath)
  }
}
