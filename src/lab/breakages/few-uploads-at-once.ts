import { changeHandling, defectiveRelease } from '../kit/defective-release.ts'

/** A few slow clients keep everybody else out. */
export const fewUploadsAtOnce = defectiveRelease({
  name: 'few-uploads-at-once',
  title: 'Only 16 uploads are taken at the same time',
  summary: 'A release lets POST /uploads wait while 16 others are under way',
  code: changeHandling(`async ({ method, url }, reply) => {
  if (!(method === 'POST' && url === '/uploads')) return
  const gate = (globalThis.uploadGate ??= { free: 16, waiting: [] })
  if (gate.free > 0) gate.free -= 1
  else await new Promise(resolve => gate.waiting.push(resolve))
  const leave = () => {
    const next = gate.waiting.shift()
    if (next) next()
    else gate.free += 1
  }
  if (reply.raw.destroyed) leave()
  else reply.raw.once('close', leave)
}`),
})
