import * as z from 'zod/mini'

/** A schema with what its key means, in one sentence: for editors, and for the tables of the reference. */
export function documentKey<T extends z.ZodMiniType>(description: string, schema: T): T {
  z.globalRegistry.add(schema, { description })
  return schema
}
