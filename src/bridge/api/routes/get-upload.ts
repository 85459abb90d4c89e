import { open } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { isOwn, maySee } from '../../auth/roles.ts'
import { guardDatabase } from '../../database/pool.ts'
import { findUpload } from '../../database/uploads.ts'
import { BridgeProblem } from '../../problem/bridge-problem.ts'
import { isMissing } from '../../storage/error-code.ts'
import { isUploadId, uploadFiles } from '../../storage/layout.ts'
import { requestContext } from '../../telemetry/log.ts'
import { describeUpload } from '../../uploads/describe-upload.ts'
import type { ApiParts } from '../api-parts.ts'

/** `GET /uploads/:id`: the state of an upload, sent by tus or by a form; to operators also why it is held. */
export function getUpload(app: FastifyInstance, parts: ApiParts): void {
  app.get<{ Params: { id: string } }>('/uploads/:id', async (request, reply) => {
    const { id } = request.params
    const isVisible = (owner: string | null | undefined) => maySee(requestContext.getStore()?.key, owner)
    const upload = isUploadId(id) ? await describeUpload(parts.folder, parts.pool, id, isVisible) : undefined
    if (upload === undefined) throw new BridgeProblem('upload-not-found')
    // Why an upload is held may name a scanner, another customer or an investigation: that is for operators.
    const { reason, ...rest } = upload
    return reply.send(isOwn(requestContext.getStore()?.key) ? upload : rest)
  })
}

/** `GET /uploads/:id/content`: the bytes of an acknowledged upload. Browsers save them and never show them (OWASP ASVS 5.4.1). */
export function getContent(app: FastifyInstance, parts: ApiParts): void {
  app.get<{ Params: { id: string } }>('/uploads/:id/content', async (request, reply) => {
    const { id } = request.params
    const upload = isUploadId(id) ? await guardDatabase(findUpload(parts.pool, id)) : undefined
    if (upload === undefined || !maySee(requestContext.getStore()?.key, upload.owner))
      throw new BridgeProblem('upload-not-found')
    // The bytes of an id never change, so a client that already has them gets no second copy.
    const tag = `"${upload.sha256}"`
    reply.header('ETag', tag)
    if (namesTag(request.headers['if-none-match'], tag)) return reply.code(304).send()
    const file = await openBytes(uploadFiles(parts.folder, id).data)
    reply.header('Content-Type', 'application/octet-stream').header('Content-Length', upload.size)
    reply.header('Content-Disposition', attachment(upload.name))
    return reply.send(file.createReadStream())
  })
}

// RFC 9110, 13.1.2: a list of tags, weak ones too, or any.
function namesTag(header: string | undefined, tag: string): boolean {
  const named = header?.split(',').map(each => each.trim().replace(/^W\//, '')) ?? []
  return named.includes(tag) || named.includes('*')
}

async function openBytes(path: string) {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (isMissing(error)) throw new BridgeProblem('content-removed')
    throw error
  }
}

// RFC 6266: plain ASCII for old clients, and the name itself in RFC 8187's encoding.
function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
