import Link from '@docusaurus/Link'
import cards from '@generated/handbook/default/cards.json'
import type { ReactNode } from 'react'
import type { RunState } from '../../../journal/index.ts'
import styles from './ControlBar.module.css'
import { coversPage } from './covers-page.ts'

/** Leads from a question to its step: on the page beside the run, or on its page with the run beside it. */
export function StepLink(props: {
  readonly step: string
  readonly state: RunState
  readonly beside: string | undefined
  readonly onClose: (() => void) | undefined
}): ReactNode {
  const { step, state, beside, onClose } = props
  const { id, procedure, environment } = state
  const link = { className: `${styles.link} hb-button`, children: 'See the step' }
  // It keeps the page's address, and with it the run.
  if (beside === procedure) return <a href={`#${step}`} onClick={() => coversPage() && onClose?.()} {...link} />
  const page = cards.find(({ id }) => id === procedure)
  const query = new URLSearchParams({ environment, run: id })
  return page && <Link to={`${page.permalink}?${query}#${step}`} {...link} />
}
