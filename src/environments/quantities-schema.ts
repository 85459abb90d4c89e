import * as z from 'zod/mini'
import { documentKey } from '../base/index.ts'

const text = () => z.string().check(z.minLength(1))

/** What `handbook.yaml` says of the numbers that pages share. */
export const quantitiesKeySchema = z.strictObject({
  file: documentKey('The YAML file of the quantities: id to `is`, `value` and where the value comes from', text()),
  except: documentKey(
    'Pages, and folders of pages, in which a number with a unit need not be one of the quantities',
    z._default(z.array(text()), []),
  ),
})

const quantity = z
  .strictObject({
    is: documentKey('What the quantity is, in a few words', text()),
    value: documentKey('The value, as it stands on pages: `15 minutes`', z.string().check(z.regex(/^\S(?:.*\S)?$/))),
    decision: documentKey('Why somebody chose the value', z.optional(text())),
    objective: documentKey('What agreement the value is a part of', z.optional(text())),
    measured: documentKey('How and when the value was measured', z.optional(text())),
    configuration: documentKey(
      'The key of a configuration file that has the same value: `FILE#KEY`',
      z.optional(z.string().check(z.regex(/^[^#]+#[\w.-]+$/))),
    ),
    alert: documentKey(
      'The alert whose rule has the same value, in `expr` or as its `for`: `NAME#expr`; it may stand beside another source',
      z.optional(z.string().check(z.regex(/^\w+#(?:expr|for)$/))),
    ),
  })
  .check(
    z.refine(({ decision, objective, measured, configuration, alert }) => {
      const others = [decision, objective, measured, configuration].filter(source => source !== undefined).length
      return others === 1 || (others === 0 && alert !== undefined)
    }, 'expected one source: decision, objective, measured, configuration or alert'),
  )

/** The shape of the file of quantities. */
export const quantitiesFileSchema = z.record(z.string().check(z.regex(/^[a-z][a-z0-9-]*$/)), quantity)

/** The quantities of a handbook, by their ids. */
export type Quantities = z.infer<typeof quantitiesFileSchema>
