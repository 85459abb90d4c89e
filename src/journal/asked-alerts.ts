/** What was asked, once every cause was ruled out, about the alerts that a page answers, and what was answered. */
export type AskedAlerts =
  /** Alertmanager was asked for these, and none of them fires. */
  | { readonly asked: 'none-fires'; readonly alerts: readonly string[] }
  | { readonly asked: 'fires'; readonly firing: readonly NamedAlert[] }
  /** The environment names no Alertmanager: nobody was asked. */
  | { readonly asked: 'nobody' }
  | { readonly asked: 'no-answer'; readonly why: string }
  /** The page answers no alert: there was nothing to ask for. */
  | { readonly asked: 'no-alerts' }

/** An alert that fires, and why nobody is told of it, if nobody is. */
export interface NamedAlert {
  readonly alert: string
  readonly quiet?: 'silenced' | 'inhibited' | 'muted'
}

/**
 * What is known of a page's alerts when every cause is ruled out: whether that is what ruled out asks for, and a sentence that says
 * no more than was asked. Without a record, as in older ledgers, the sentence says that there is none.
 */
export function judgeAskedAlerts(asked: AskedAlerts | undefined): {
  readonly ruledOut: boolean
  readonly sentence: string
} {
  if (asked === undefined) return { ruledOut: true, sentence: `${ALL_OUT}. It was not recorded ${WHETHER}.` }
  switch (asked.asked) {
    case 'none-fires':
      return { ruledOut: true, sentence: `${ALL_OUT}, and no alert of this page fires.` }
    case 'no-alerts':
      return { ruledOut: true, sentence: `${ALL_OUT}. This page answers no alert, so none was asked for.` }
    case 'nobody':
      return {
        ruledOut: true,
        sentence: `${ALL_OUT}. Whether an alert of this page fires was not asked: the environment names no Alertmanager.`,
      }
    case 'no-answer':
      return { ruledOut: false, sentence: `${ALL_OUT}, but it is unknown ${WHETHER}: ${asked.why}` }
    case 'fires':
      return { ruledOut: false, sentence: `${ALL_OUT}, yet ${asked.firing.map(describeFiring).join('; ')}` }
    default:
      return asked satisfies never
  }
}

const ALL_OUT = 'Every cause is ruled out'
const WHETHER = 'whether an alert of this page fires'

function describeFiring({ alert, quiet }: NamedAlert): string {
  return quiet === undefined ? `${alert} fires` : `${alert} fires, and is ${quiet}`
}
