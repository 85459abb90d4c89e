import * as z from 'zod/mini'
import { documentKey } from '../base/index.ts'

/** Where `handbook.yaml` says that postmortems are kept which are not for everybody who reads the handbook. */
export const postmortems = z.strictObject({
  private: documentKey(
    'An address, or a folder outside of this handbook, for the postmortems of security incidents',
    z
      .string()
      .check(z.regex(/^(?:https?:\/\/|\/)\S+$/, 'expected an address, or an absolute path outside of this handbook')),
  ),
})
