import * as z from 'zod/mini'
import { documentKey } from '../base/index.ts'
import { proxy } from './proxy-schema.ts'

const variable = () => z.optional(z.string().check(z.regex(/^[A-Za-z_]\w*$/, 'expected the name of a variable')))

/** What `handbook serve` is told by `handbook.yaml`. The secrets themselves stand in no file that is shared. */
export const serve = z.strictObject({
  webhookToken: documentKey('The variable that holds the token with which Alertmanager hands over alerts', variable()),
  metricsToken: documentKey('The variable that holds the token with which Prometheus reads `/metrics`', variable()),
  noteToken: documentKey('The variable that holds the token with which a chat adds notes to an incident', variable()),
  proxy: documentKey('The proxy that signs people in, and whose word counts', z.optional(proxy)),
})
