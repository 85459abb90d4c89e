import * as z from 'zod/mini'
import { type Param, type ParamValue, type Procedure, parseParam } from '../../procedure/index.ts'
import { demandReadable, UsageError } from '../errors.ts'
import { withoutPort } from '../open/fill-from-alert.ts'
import { findProcedure } from '../open/find-procedure.ts'
import { demandFacts, resolveEnvironment } from '../open/open-environment.ts'
import { findStore } from '../open/open-handbook.ts'
import { readParams } from '../open/read-params.ts'
import { onlyReading, readSecrets } from '../open/read-secrets.ts'
import type { Ports, RunListener } from '../ports.ts'
import { type ContainedLook, containLook } from './contain-look.ts'
import { demandPage, explainRefusal, type OrderAnswer } from './order-answer.ts'
import { performRun } from './perform-run.ts'

/** What a server orders of a runner when an alert arrives: to look at it by the cheap steps of the page that answers it. */
export const lookOrderSchema = z.strictObject({
  look: z.literal('on-alert'),
  run: z.string(),
  /** The page's id, and the SHA-256 of the page as it was published. */
  page: z.string(),
  contentHash: z.string(),
  environment: z.string(),
  alert: z.strictObject({ name: z.string(), since: z.string(), labels: z.record(z.string(), z.string()) }),
})

/** What a server orders of a runner when an alert arrives. */
export type LookOrder = z.infer<typeof lookOrderSchema>

/** Who looks: no person does. */
const SERVER = 'handbook serve'

/**
 * Looks at an alert before anybody does. Nobody is asked, no step but the cheap ones runs, and they can write nowhere but into the folder of this
 * run, and reach only what the environment names: where that cannot be had, nothing runs. `answer` hears whether the run begins, or why not.
 */
export async function performLook(
  { run, page, contentHash, environment: name, alert }: LookOrder,
  ports: Omit<Ports, 'prompter'>,
  listener: RunListener & { readonly answer: (answer: OrderAnswer) => void },
): Promise<boolean> {
  let look: ContainedLook | undefined
  try {
    const { procedure, handbook } = await findProcedure(page, ports.cwd, text => demandPage(text, contentHash))
    demandReadable(procedure)
    if (!handbook || procedure.id !== page || !procedure.alerts.includes(alert.name))
      throw new UsageError(`There is no page ${page} that answers ${alert.name}`)
    if (!hasCheapSteps(procedure)) throw new UsageError(`${procedure.path} has no step that is marked cheap`)
    if (handbook.file.environments[name]?.onAlert !== 'diagnose')
      throw new UsageError(`handbook.yaml does not say onAlert: diagnose for ${name}`)
    const cwd = handbook.root
    const known = await resolveEnvironment(handbook, name, ports.practice)
    const environment = onlyReading(known)
    demandFacts(environment, handbook, procedure)
    const params = readParams(procedure.params, [], fillFromLabels(procedure.params, alert.labels))
    const secrets = await readSecrets(environment, { env: ports.env, folder: cwd })
    look = await containLook(known, secrets, run, { ...ports, cwd })
    await performRun(
      {
        request: {
          procedure,
          environment,
          params,
          mode: 'reading',
          unasked: true,
          alert: { ...alert, asked: 'fires' },
          cwd,
          warnings: [look.reach],
        },
        store: findStore(cwd, ports.env),
        contained: look.contained,
        secrets,
        run,
      },
      { ...ports, by: { ...ports.by, user: SERVER } },
      {
        ...listener,
        event(event) {
          // By then it is on record, for whoever asks for it next.
          if (event.type === 'run.started') listener.answer({ begun: run })
          listener.event(event)
        },
      },
    )
    return true
  } catch (error) {
    const refused = explainRefusal(error)
    if (!refused) throw error
    listener.answer(refused)
    return false
  } finally {
    await look?.close()
  }
}

/** Whether a page has steps that may run before anybody looks. */
export function hasCheapSteps({ phases }: Procedure): boolean {
  return phases.some(({ name, steps }) => name === 'diagnose' && steps.some(({ cheap }) => cheap))
}

/**
 * The parameters that labels fill. Whoever sends an alert chooses them: a text is taken only when the page says by a pattern what it may be. Throws a
 * `UsageError` for one that does not fit: with another value, it would look at something else.
 */
function fillFromLabels(
  params: readonly Param[],
  labels: Readonly<Record<string, string>>,
): Record<string, ParamValue> {
  const values: Record<string, ParamValue> = {}
  for (const param of params) {
    const text = param.label === undefined ? undefined : labels[param.label]
    if (text === undefined) continue
    const refuse = (why: string) => new UsageError(`The label ${param.label} does not fill ${param.name}: ${why}`)
    if (param.secret) throw refuse('it is a secret')
    if (param.type === 'string' && param.pattern === undefined) throw refuse('the parameter has no pattern')
    const result = parseParam(param, param.type === 'host' ? withoutPort(text) : text)
    if ('expected' in result) throw refuse(`expected ${result.expected}`)
    values[param.name] = result.value
  }
  return values
}
