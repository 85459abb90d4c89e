import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { demandPerson } from '../entrance/sessions.ts'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import { findServedRun } from './find-served-run.ts'

/** The most bytes of a file that are handed out. */
const LIMIT = 32 * 1024 * 1024

/** What steps kept as evidence. It is shown as text or downloaded: nothing in it is ever a page of this site. */
export function addEvidence(app: FastifyInstance, parts: ServerParts): void {
  app.get<{ Params: { step: string; name: string } }>('/api/runs/:run/evidence/:step/:name', async (request, reply) => {
    demandPerson(request, parts)
    const { run, recording } = await findServedRun(request, parts)
    const { step, name } = request.params
    // Only what the record names is a file of it.
    const kept = recording.events.findLast(
      event => event.type === 'step.evidence' && event.step === step && event.evidence.name === name,
    )
    const file = kept?.type === 'step.evidence' ? kept.evidence.file : undefined
    const blob = file === undefined ? undefined : await parts.store.blob(run, file)
    if (blob?.bytes === undefined) throw new Refused(404, 'There is no such evidence')
    if (blob.bytes > LIMIT)
      throw new Refused(413, 'This evidence is too long for a browser', `See handbook runs export ${run}`)
    const bytes = await blob.readStart(blob.bytes)
    const isText = isUtf8(bytes) && !bytes.includes(0)
    return reply
      .header('cache-control', 'no-store')
      .header('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'none'")
      .header(
        'content-disposition',
        `${isText ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`,
      )
      .type(isText ? 'text/plain; charset=utf-8' : 'application/octet-stream')
      .send(bytes)
  })
}
