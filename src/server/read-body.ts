import type { FastifyRequest } from 'fastify'
import type * as z from 'zod/mini'
import { Refused } from './refusal.ts'

/** A request's body in its shape. Throws with the first place that is not. */
export function readBody<T>({ body }: FastifyRequest, schema: z.ZodMiniType<T>): T {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new Refused(422, 'This request is not complete', `${issue?.path.join('.') || 'body'}: ${issue?.message}`)
}
